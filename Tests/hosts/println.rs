// Rust's own buffering (by line, always) over write(2).
use std::io::Write;

fn main() {
    for step in 1..=3 {
        println!("step {:4}/3: train loss {:.6} ({:.6} ms, {} tok/s)", step, 4.5, 1.0, 1000);
    }
    print!("part of a line, ");
    println!("the rest");
    let _ = std::io::stdout().lock().write_all(b"bytes of its own\n");
    eprintln!("and stderr");
}

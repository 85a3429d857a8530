// The calls from Rust, without a crate.
//
//     rustc -O -L /path/to/lib hook.rs
//
// It checks what each call answers. A real program need not: the answers are advice.
use std::ffi::{c_char, c_int, CStr};

#[repr(C)]
struct Metric {
    key: *const c_char,
    value: f64,
}

#[link(name = "trackshim")]
extern "C" {
    fn trackshim_active() -> c_int;
    fn trackshim_config_double(key: *const c_char, value: f64) -> c_int;
    fn trackshim_log_row(step: i64, metrics: *const Metric, count: usize) -> c_int;
    fn trackshim_finish(exit_code: c_int) -> c_int;
}

const OK: c_int = 0;
const INACTIVE: c_int = 1;
const STEPS: i32 = 20;

fn key(text: &'static [u8]) -> *const c_char {
    CStr::from_bytes_with_nul(text).expect("a 0 at the end").as_ptr()
}

fn check(answer: c_int) {
    let expected = if unsafe { trackshim_active() } != 0 { OK } else { INACTIVE };
    assert_eq!(answer, expected);
}

fn log(step: i32, loss: f64, rate: f64, gradient: f64) {
    let row = [
        Metric { key: key(b"loss\0"), value: loss },
        Metric { key: key(b"lr\0"), value: rate },
        Metric { key: key(b"grad_norm\0"), value: gradient.abs() },
    ];
    // Everything is copied before the call returns.
    check(unsafe { trackshim_log_row(step.into(), row.as_ptr(), row.len()) });
}

fn main() {
    let (first_rate, mut weight) = (0.2, 0.0);
    check(unsafe { trackshim_config_double(key(b"learning_rate\0"), first_rate) });
    for step in 1..=STEPS {
        let (gradient, loss): (f64, f64) = (2.0 * (weight - 3.0), (weight - 3.0) * (weight - 3.0));
        let rate = first_rate * f64::from(STEPS + 1 - step) / f64::from(STEPS);
        log(step, loss, rate, gradient);
        weight -= rate * gradient;
    }
    check(unsafe { trackshim_finish(0) });
}

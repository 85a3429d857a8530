// A JVM: its own threads, signals and memory, and write(2) through JNI.
public class Print {
  public static void main(String[] words) {
    for (int step = 1; step <= 3; step++)
      System.out.println(String.format("step %4d/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)", step));
    System.out.print("text of its own\n");
    System.err.println("and stderr");
    System.exit(3);
  }
}

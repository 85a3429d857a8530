// Go has no libc: its writes are its own system calls.
package main

import "fmt"

func main() {
	for step := 1; step <= 3; step++ {
		fmt.Printf("step %4d/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)\n", step)
	}
}

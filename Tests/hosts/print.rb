# Ruby's own buffering over write(2) and writev(2).
(1..3).each { |step| printf("step %4d/3: train loss %.6f (%.6f ms, %d tok/s)\n", step, 4.5, 1, 1000) }
$stdout.write("text of its own\n", "in two pieces\n")
warn "and stderr"
exit 3

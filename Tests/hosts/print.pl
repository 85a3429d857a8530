# Perl has its own buffers over write(2).
printf("step %4d/3: train loss %.6f (%.6f ms, %d tok/s)\n", $_, 4.5, 1, 1000) for 1 .. 3;
print "line $_ of a longer text that fills its buffer\n" for 1 .. 300;
syswrite(STDOUT, "unbuffered and early\n");
print STDERR "and stderr\n";
exit 3;

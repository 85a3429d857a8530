# gdb_attach.sh PROGRAM: a debugger looks into the program while it runs, and lets go of it.
"$1" &
sleep 0.05
gdb -q -nx -batch -p $! -ex bt -ex 'thread apply all bt' -ex detach >/dev/null 2>&1
wait $!

# Small programs that end at once, each with the library in it: none is a trainer.
seq 1 2000
printf '%s\n' 'printf of the shell'
env printf 'printf %d\n' 3
date -u -d @0 +%F
factor 1234567890
expr 6 \* 7
echo banana apple | tr ' ' '\n' | sort | tee copy
ls
rm copy
basename /a/b
exec env false

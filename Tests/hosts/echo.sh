# A shell that prints perfect metrics is still a shell: no run.
echo 'step    1/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)'
printf 'step    2/3: train loss 4.500000 (1.000000 ms, 1000 tok/s)\n'
echo "sum $((1 + 2))" >&2
(echo 'in a subshell')
export SOMETHING=1
env | grep -c SOMETHING
exit 4

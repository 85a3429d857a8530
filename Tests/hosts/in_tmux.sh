# in_tmux.sh PROGRAM: the program in a window of tmux; what the window showed is left in copy.txt.
export SHELL=/bin/sh
tmux() { command tmux -S "$PWD/socket" -f /dev/null "$@"; }
screen="command tmux -S '$PWD/socket' capture-pane -pJ -S - >copy.txt"
tmux new-session -d -x 200 -y 50 \
  "$1 2>/dev/null; echo \$? >status; $screen; command tmux -S '$PWD/socket' wait-for -S done; sleep 60" || exit 77
tmux wait-for done
tmux kill-server
rm -f socket
sed -i -e :a -e '/^\n*$/{$d;N;ba' -e '}' copy.txt
exit "$(cat status)"

"""What the black-box tests share: the table of hosts, how they are run, how two runs are compared."""

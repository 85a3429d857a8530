# setuid_copy.sh PROGRAM: a copy of the program that runs as another user; the loader then drops LD_PRELOAD.
cp "$1" copy
chown 65534 copy && chmod u+s copy && chmod 755 . || exit 77
chmod u+s copy
exec ./copy

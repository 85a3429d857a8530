! Fortran's own buffering over write(2).
program main
  implicit none
  integer :: step
  do step = 1, 3
    write (*, '(A,I4,A,F8.6,A)') 'step ', step, '/3: train loss ', 4.5, ' (1.000000 ms, 1000 tok/s)'
  end do
  print '(A)', 'text by print'
  write (0, '(A)') 'and stderr'
  stop 3
end program main

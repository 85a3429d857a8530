! The calls from Fortran, through iso_c_binding.
!
!     gfortran -o hook hook.f90 -ltrackshim
!
! It checks what each call answers. A real program need not: the answers are advice.
module trackshim
  use, intrinsic :: iso_c_binding
  implicit none

  ! Texts end with c_null_char.
  interface
    integer(c_int) function trackshim_active() bind(c)
      import :: c_int
    end function
    integer(c_int) function trackshim_config_double(key, value) bind(c)
      import :: c_int, c_char, c_double
      character(kind=c_char), intent(in) :: key(*)
      real(c_double), value :: value
    end function
    integer(c_int) function trackshim_log(step, key, value) bind(c)
      import :: c_int, c_char, c_double, c_int64_t
      integer(c_int64_t), value :: step
      character(kind=c_char), intent(in) :: key(*)
      real(c_double), value :: value
    end function
    integer(c_int) function trackshim_finish(exit_code) bind(c)
      import :: c_int
      integer(c_int), value :: exit_code
    end function
  end interface

contains

  subroutine check(answer)
    integer(c_int), intent(in) :: answer
    ! 0 is TRACKSHIM_OK, 1 is TRACKSHIM_INACTIVE.
    if (answer /= merge(0, 1, trackshim_active() /= 0)) error stop 'a call answered otherwise'
  end subroutine
end module

program hook
  use trackshim
  implicit none
  integer, parameter :: steps = 20
  real(c_double), parameter :: first_rate = 0.2_c_double
  integer(c_int64_t) :: step
  real(c_double) :: weight, gradient, rate

  call check(trackshim_config_double('learning_rate'//c_null_char, first_rate))
  weight = 0
  do step = 1, steps
    gradient = 2 * (weight - 3)
    rate = first_rate * (steps + 1 - step) / steps
    ! One row: they have one step.
    call check(trackshim_log(step, 'loss'//c_null_char, (weight - 3) * (weight - 3)))
    call check(trackshim_log(step, 'lr'//c_null_char, rate))
    call check(trackshim_log(step, 'grad_norm'//c_null_char, abs(gradient)))
    weight = weight - rate * gradient
  end do
  call check(trackshim_finish(0_c_int))
end program

// Another preloaded library that wants to be left in the environment of the children.
int other_guest_was_here = 1;

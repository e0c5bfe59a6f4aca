"""What every adapter must do, in shapes that the tests of all of them use."""

// produce is left to the linker.

// doctest's own code, compiled once: it is 4 s of every test program, 10 s under sanitizers.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

// A file of its own in the library, so that a test with a main of its own leaves it out.
#include <doctest/doctest.h>

int main(int argc, char** argv)
{
    return doctest::Context(argc, argv).run();
}

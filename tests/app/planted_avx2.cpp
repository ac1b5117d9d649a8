// The mistake that check_islands exists for: an inline function that is not inlined becomes a weak
// symbol, compiled for this file's instruction set.
inline int everybodysFunction(int x)
{
    return x + 1;
}

int (*plantedAddress())(int)
{
    return everybodysFunction;
}

#pragma once

#include "core/codecs/bitstack/leftover.h"

namespace bs::bitstack {

/// Leftover::refitColumns on the processor, by Gauss-Seidel in panels. S [rows, cols]; H [cols,
/// cols]; E [rows, cols] is R - S * (u vt) and follows the changes.
void refitColumnsHere(Factors& factors, const std::vector<float>& S, const std::vector<float>& H,
                      std::vector<float>& E, const SmallSolver& normal, float damping);

} // namespace bs::bitstack

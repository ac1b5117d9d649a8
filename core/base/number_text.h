#pragma once

#include <string>

namespace bs {

/// As many digits as it takes to read the same number again, without an exponent.
std::string plainNumber(double number);

} // namespace bs

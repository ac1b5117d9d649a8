#pragma once

#include "core/model/config.h"

#include <string>

namespace bs::test {

/// The shape of Llama-3-8B.
ModelConfig llama3Of8Billion();

/// Writes a stack of codec `nested` of that shape: random planes, about 4 bits a weight in three
/// blocks a matrix. What it says makes no sense, what it takes is as with a real one.
Result<void> writeLargeStack(const std::string& path, const ModelConfig& config);

} // namespace bs::test

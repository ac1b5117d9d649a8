#pragma once

#include "core/stack/stack.h"

#include <string>
#include <vector>

namespace bs::test {

/// "a0 b0 a1": matrix letter and block number.
inline std::string orderText(const std::vector<StackBlock>& order)
{
    std::string line;
    for (const StackBlock& block : order)
        line += (line.empty() ? "" : " ") + std::string(1, static_cast<char>('a' + block.matrix)) + std::to_string(block.index);
    return line;
}

} // namespace bs::test

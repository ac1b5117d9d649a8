#include "core/base/number_text.h"

#include <array>
#include <charconv>

namespace bs {

std::string plainNumber(double number)
{
    std::array<char, 400> text{}; // 309 digits before the point, or some 340 places behind it
    const auto written =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    return {text.data(), written.ptr};
}

} // namespace bs

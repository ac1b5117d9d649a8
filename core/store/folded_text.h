#pragma once

#include <string>
#include <string_view>

namespace bs {

/// A text as a search sees it: upper and lower case are one (Unicode's case folding), composed and
/// decomposed letters too. Bytes that are no UTF-8 stay as they are.
std::string foldedText(std::string_view text);

/// Whether `text` holds `search`, a folded text, as a search sees it. Copies nothing where both are
/// ASCII.
bool holdsFolded(std::string_view text, std::string_view search);

/// Up to `around` bytes on either side of the first place where `text` holds `search`, in whole
/// characters, line ends as spaces, cut sides marked by an ellipsis; empty if it does not.
std::string excerptAround(std::string_view text, std::string_view search, std::size_t around = 32);

} // namespace bs

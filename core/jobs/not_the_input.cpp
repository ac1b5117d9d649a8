#include "core/jobs/not_the_input.h"

#include <filesystem>

namespace bs {

namespace {

namespace fs = std::filesystem;

bool isSame(const fs::path& a, const fs::path& b)
{
    std::error_code missing; // then it is false
    return fs::equivalent(a, b, missing);
}

} // namespace

Result<void> checkNotTheInput(const std::string& output, const std::string& input)
{
    if (isSame(input, output))
        return Error{ErrorCode::Usage, output + ": the output is what is read, " + input};
    std::error_code none;
    for (const fs::directory_entry& entry : fs::directory_iterator(input, none))
        if (entry.is_regular_file(none) && isSame(entry.path(), output))
            return Error{ErrorCode::Usage, output + ": the output is a file of the model that is read, " + input};
    return {};
}

} // namespace bs

#include "core/jobs/user_folders.h"

#include <cstdlib>
#include <filesystem>

namespace bs {

Result<std::string> userCacheFolder(const std::string& name)
{
    const char* const cache = std::getenv("XDG_CACHE_HOME");
    const char* const home = std::getenv("HOME");
    std::filesystem::path folder;
    if (cache != nullptr && cache[0] == '/')
        folder = cache;
    else if (home != nullptr && home[0] != '\0')
        folder = std::filesystem::path(home) / ".cache";
    else
        return Error{ErrorCode::Io,
                     "neither XDG_CACHE_HOME nor HOME is set: there is no place for cached files"};
    folder = folder / "bitstack" / name;
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return Error{ErrorCode::Io,
                     folder.string() +
                         ": cannot make the folder for cached files: " + failed.message()};
    return folder.string();
}

} // namespace bs

#include "gpu/plugin.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace bs {

namespace fs = std::filesystem;

namespace {

Error noPlugin(const std::string& why)
{
    return Error{ErrorCode::Unsupported, "no CUDA plugin: " + why};
}

std::string lastLoaderError()
{
    const char* words = dlerror();
    return words != nullptr ? words : "the loader gave no reason";
}

/// Whether there is a driver. Looked for first, since the plugin brings cuBLAS with it: 0.1 to 0.4
/// s and 200 MB of memory, for nothing on a machine that has the libraries and no card.
bool hasDriver()
{
    void* const driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (driver != nullptr) dlclose(driver);
    return driver != nullptr;
}

} // namespace

void GpuPlugin::Close::operator()(void* library) const
{
    dlclose(library);
}

Result<GpuPlugin> openGpuPluginAt(const std::string& path)
{
    std::error_code failed;
    // A whole path, because a bare name would make the loader search elsewhere.
    const fs::path file = fs::absolute(path, failed);
    if (failed || !fs::is_regular_file(file, failed)) return noPlugin("there is no file " + path);

    GpuPlugin plugin;
    plugin.m_path = file.string();
    plugin.m_library.reset(dlopen(plugin.m_path.c_str(), RTLD_NOW | RTLD_LOCAL));
    if (!plugin.m_library)
        return noPlugin(plugin.m_path + " cannot be loaded: " + lastLoaderError());

    using Interface = int (*)();
    const auto interface =
        reinterpret_cast<Interface>(dlsym(plugin.m_library.get(), "bs_gpu_plugin_interface"));
    if (interface == nullptr)
        return noPlugin(plugin.m_path + " is not a plugin of this program: it has no function "
                                        "bs_gpu_plugin_interface");
    const int found = interface();
    if (found != kGpuPluginInterface)
        return noPlugin(plugin.m_path + " has interface " + std::to_string(found) +
                        ", this program needs " + std::to_string(kGpuPluginInterface) +
                        ": they are from different builds");
    using Devices = GpuDevices* (*)();
    const auto devices = reinterpret_cast<Devices>(dlsym(plugin.m_library.get(), "bs_gpu_devices"));
    if (devices == nullptr) return noPlugin(plugin.m_path + " has no function bs_gpu_devices");
    plugin.m_devices = devices();
    return plugin;
}

Result<GpuPlugin> openGpuPlugin()
{
    if (const char* named = std::getenv("BITSTACK_GPU_PLUGIN"); named != nullptr && *named != '\0')
        return openGpuPluginAt(named);
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    if (failed) return noPlugin("the folder of the program is not known: " + failed.message());
    const fs::path beside = program.parent_path() / "libbs_gpu.so";
    if (fs::exists(beside, failed) && !hasDriver())
        return noPlugin(beside.string() + " needs an NVIDIA driver, and there is none");
    return openGpuPluginAt(beside.string());
}

Result<void> useGpuPlugin()
{
    // Never closed: engines may live until the process ends.
    static const Result<GpuPlugin>* const opened = new Result<GpuPlugin>(openGpuPlugin());
    if (!*opened) return opened->error();
    setGpuDevices(&opened->value().devices());
    return {};
}

} // namespace bs

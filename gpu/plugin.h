#pragma once

#include "core/base/result.h"

#include <memory>
#include <string>

namespace bs {

/// The number a plugin must answer from its one C function `int bs_gpu_plugin_interface()`. It
/// rises whenever what the program and its plugin say to each other changes: they are built
/// together, and one of another build is refused rather than tried.
constexpr int kGpuPluginInterface = 1;

/// The opened CUDA plugin, libbs_gpu.so; it stays loaded as long as this lives. Movable, not
/// thread-safe. Nothing else in the program knows CUDA, so that it starts on machines without.
class GpuPlugin
{
public:
    const std::string& path() const { return m_path; }

private:
    friend Result<GpuPlugin> openGpuPluginAt(const std::string& path);
    struct Close
    {
        void operator()(void* library) const;
    };
    std::unique_ptr<void, Close> m_library;
    std::string m_path;
};

/// Opens the plugin that the environment variable BITSTACK_GPU_PLUGIN names, otherwise
/// libbs_gpu.so in the folder of the running program.
/// Errors: Unsupported, beginning with "no CUDA plugin: "; being without one is normal.
Result<GpuPlugin> openGpuPlugin();

/// Opens the plugin in the file `path`. Errors: as openGpuPlugin (no such file, cannot be loaded,
/// no plugin of this program, of another interface).
Result<GpuPlugin> openGpuPluginAt(const std::string& path);

} // namespace bs

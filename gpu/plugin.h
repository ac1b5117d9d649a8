#pragma once

#include "core/base/result.h"
#include "core/infer/devices.h"

#include <memory>
#include <string>

namespace bs {

/// The number a plugin must answer from its C function `int bs_gpu_plugin_interface()`; the other
/// one is `bs::GpuDevices* bs_gpu_devices()`. It rises whenever what the program and its plugin say
/// to each other changes: they are built together, and one of another build is refused rather than
/// tried.
constexpr int kGpuPluginInterface = 5;

/// The opened CUDA plugin, libbs_gpu.so; it stays loaded as long as this lives. Movable, not
/// thread-safe. Nothing else in the program knows CUDA, so that it starts on machines without.
class GpuPlugin
{
public:
    const std::string& path() const { return m_path; }
    /// Usable as long as the plugin is open.
    GpuDevices& devices() const { return *m_devices; }

private:
    friend Result<GpuPlugin> openGpuPluginAt(const std::string& path);
    struct Close
    {
        void operator()(void* library) const;
    };
    std::unique_ptr<void, Close> m_library;
    std::string m_path;
    GpuDevices* m_devices = nullptr;
};

/// Opens the plugin that the environment variable BITSTACK_GPU_PLUGIN names, otherwise
/// libbs_gpu.so in the folder of the running program, if there is a driver for it.
/// Errors: Unsupported, beginning with "no CUDA plugin: "; being without one is normal.
Result<GpuPlugin> openGpuPlugin();

/// Opens the plugin once for the process, and lets models use its cards (setGpuDevices). Errors: as
/// openGpuPlugin, each time it is asked.
Result<void> useGpuPlugin();

/// Opens the plugin in the file `path`. Errors: as openGpuPlugin (no such file, cannot be loaded,
/// no plugin of this program, of another interface).
Result<GpuPlugin> openGpuPluginAt(const std::string& path);

} // namespace bs

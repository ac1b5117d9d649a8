#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "gpu/plugin.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

namespace fs = std::filesystem;

namespace {

/// The plugin must be refused, in words that contain `what`.
void checkRefused(const bs::Result<bs::GpuPlugin>& plugin, const std::string& what)
{
    REQUIRE_FALSE(plugin);
    CHECK(plugin.error().code == bs::ErrorCode::Unsupported);
    CHECK(plugin.error().message.starts_with("no CUDA plugin: "));
    INFO(plugin.error().message);
    CHECK(plugin.error().message.find(what) != std::string::npos);
}

/// Where there is a CUDA compiler, tests and plugin are built into one folder.
void checkBeside()
{
    const fs::path beside = fs::read_symlink("/proc/self/exe").parent_path() / "libbs_gpu.so";
    const auto plugin = bs::openGpuPlugin();
    if (plugin)
        CHECK(plugin.value().path() == beside.string());
    else
        checkRefused(plugin, beside.string()); // there is none, or cuBLAS is missing
}

} // namespace

TEST_CASE("the opener looks beside the program, and names the place")
{
    unsetenv("BITSTACK_GPU_PLUGIN");
    checkBeside();
    setenv("BITSTACK_GPU_PLUGIN", "", 1);
    checkBeside();
    unsetenv("BITSTACK_GPU_PLUGIN");
}

TEST_CASE("BITSTACK_GPU_PLUGIN names another place")
{
    setenv("BITSTACK_GPU_PLUGIN", "/nowhere/libother.so", 1);
    checkRefused(bs::openGpuPlugin(), "/nowhere/libother.so");
    unsetenv("BITSTACK_GPU_PLUGIN");
}

TEST_CASE("a folder and a file that is no library are refused")
{
    checkRefused(bs::openGpuPluginAt(fs::temp_directory_path().string()), "there is no file");
    const fs::path text =
        fs::temp_directory_path() / ("bs_not_a_library_" + std::to_string(getpid()) + ".so");
    std::ofstream(text) << "not a library\n";
    checkRefused(bs::openGpuPluginAt(text.string()), "cannot be loaded");
    fs::remove(text);
}

TEST_CASE("a library that is not ours, or is of another build, is refused")
{
    checkRefused(bs::openGpuPluginAt(BS_FOREIGN_LIBRARY), "bs_gpu_plugin_interface");
    checkRefused(bs::openGpuPluginAt(BS_OTHER_BUILD),
                 "interface 1, this program needs " + std::to_string(bs::kGpuPluginInterface));
}

TEST_CASE("a plugin of this build is opened and can be moved")
{
    auto plugin = bs::openGpuPluginAt(BS_SAME_BUILD);
    REQUIRE(plugin);
    const bs::GpuPlugin moved = std::move(plugin).value();
    CHECK(moved.path() == BS_SAME_BUILD);
    CHECK(moved.devices().cards().error().message == "made up");
}

#include "gpu/compress/compress_device.h"

#include "gpu/compress/bitstack_leftover.h"
#include "gpu/compress/held_matrix.h"
#include "gpu/compress/memory_share.h"
#include "gpu/compress/nested_passes.h"
#include "gpu/device/runtime.h"

namespace bs::gpu {

namespace {

class CardCompressDevice : public CompressDevice
{
public:
    CardCompressDevice(int card, std::uint64_t freeBytes)
        : m_card(card)
        , m_memory(freeBytes / 10 * 8) // the rest is for held matrices and what products take
    {
    }

    ~CardCompressDevice() override
    {
        static_cast<void>(useDevice(m_card)); // lanes go on the thread that ends it
    }

    Result<std::unique_ptr<HeldMatrix>> hold(const float* values, std::size_t rows,
                                             std::size_t cols) override
    {
        return holdMatrix(m_card, values, rows, cols, m_lanes);
    }

    Result<std::unique_ptr<bitstack::Leftover>>
    startLeftover(const bitstack::LeftoverInput& input, const bitstack::EncodeOptions& options,
                  const JobContext& context) override
    {
        return startDeviceLeftover(m_card, input, options, m_memory, m_lanes, context);
    }

    Result<std::unique_ptr<nested::Passes>>
    startPasses(nested::Standard& standard, const nested::EncodeOptions& options,
                const JobContext& context) override
    {
        return startDevicePasses(m_card, standard, options, m_memory, context);
    }

private:
    int m_card;
    MemoryShare m_memory;
    ProductLanes m_lanes;
};

} // namespace

Result<std::unique_ptr<CompressDevice>> openCompressDevice(int card)
{
    BS_CHECK(useDevice(card));
    BS_TRY(const DeviceInfo info, deviceInfo(card));
    BS_CHECK(checkCapability(info));
    return std::unique_ptr<CompressDevice>(
        std::make_unique<CardCompressDevice>(card, info.freeBytes));
}

} // namespace bs::gpu

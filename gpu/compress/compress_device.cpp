#include "gpu/compress/compress_device.h"

#include "gpu/compress/held_matrix.h"
#include "gpu/device/runtime.h"

namespace bs::gpu {

namespace {

class CardCompressDevice : public CompressDevice
{
public:
    explicit CardCompressDevice(int card)
        : m_card(card)
    {
    }

    Result<std::unique_ptr<HeldMatrix>> hold(const float* values, std::size_t rows,
                                             std::size_t cols) override
    {
        return holdMatrix(m_card, values, rows, cols);
    }

private:
    int m_card;
};

} // namespace

Result<std::unique_ptr<CompressDevice>> openCompressDevice(int card)
{
    BS_CHECK(useDevice(card));
    return std::unique_ptr<CompressDevice>(std::make_unique<CardCompressDevice>(card));
}

} // namespace bs::gpu

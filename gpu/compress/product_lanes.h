#pragma once

#include "gpu/device/gemm.h"
#include "gpu/device/runtime.h"

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace bs::gpu {

/// What a product needs beside its matrix: a stream, cuBLAS on it (which takes tens of megabytes for
/// itself), room for rows that go there and come back.
struct ProductLane
{
    Stream stream; ///< before all that lives on it
    Gemm gemm;
    Buffer x, y;
};

/// As many lanes as threads multiply at once, whatever the number of matrices. Thread-safe; lasts
/// longer than what was made with it.
class ProductLanes
{
public:
    /// Gives its lane back when it goes; its work must have been waited for.
    class Lease
    {
    public:
        Lease(ProductLanes& lanes, std::unique_ptr<ProductLane> lane)
            : m_lanes(&lanes)
            , m_lane(std::move(lane))
        {
        }
        Lease(Lease&&) = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease()
        {
            if (!m_lane) return;
            const std::lock_guard lock(m_lanes->m_mutex);
            m_lanes->m_free.push_back(std::move(m_lane));
        }
        ProductLane* operator->() const { return m_lane.get(); }

    private:
        ProductLanes* m_lanes;
        std::unique_ptr<ProductLane> m_lane;
    };

    /// Errors: Memory, Unsupported (cuBLAS).
    Result<Lease> take()
    {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_free.empty()) {
                Lease lease(*this, std::move(m_free.back()));
                m_free.pop_back();
                return lease;
            }
        }
        BS_TRY(Stream stream, Stream::create());
        auto lane = std::unique_ptr<ProductLane>(new ProductLane{std::move(stream), {}, {}, {}});
        BS_TRY(lane->gemm, Gemm::create(lane->stream));
        return Lease(*this, std::move(lane));
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<ProductLane>> m_free;
};

} // namespace bs::gpu

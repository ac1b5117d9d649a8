#include "core/eval/divergence.h"

#include "core/eval/windows.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <numeric>

namespace bs {

namespace {

// Merging the tail loses 3.5 % of the divergence at 1024 tokens, 1.9 % at 2048, 0.9 % at 4096, 0.3 % at 8192
// (demo model, published blocks at depths 4, 6 and 10).
constexpr std::size_t kKept = 4096;
// "bsref001": eight bytes, then the number of positions and of tokens kept, 64 bits each.
constexpr std::array<char, 8> kMagic{'b', 's', 'r', 'e', 'f', '0', '0', '1'};
constexpr std::size_t kHeaderBytes = 24;

std::size_t recordBytes(std::size_t kept)
{
    return kept * 8 + 4;
}

/// Ids of the `kept` largest logits, largest first.
std::vector<std::int32_t> largest(std::span<const float> logits, std::size_t kept)
{
    std::vector<std::int32_t> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    auto more = [&](std::int32_t a, std::int32_t b) {
        const float x = logits[static_cast<std::size_t>(a)];
        const float y = logits[static_cast<std::size_t>(b)];
        return x > y || (x == y && a < b);
    };
    const auto end = ids.begin() + static_cast<std::ptrdiff_t>(kept);
    std::nth_element(ids.begin(), end - 1, ids.end(), more);
    std::sort(ids.begin(), end, more);
    ids.resize(kept);
    return ids;
}

std::vector<std::byte> recordOf(std::span<const float> logits, std::size_t kept)
{
    const std::vector<std::int32_t> ids = largest(logits, kept);
    const double total = logSumExp(logits);
    std::vector<float> logProbabilities;
    double mass = 0;
    for (const std::int32_t id : ids) {
        const double logP = static_cast<double>(logits[static_cast<std::size_t>(id)]) - total;
        logProbabilities.push_back(static_cast<float>(logP));
        mass += std::exp(logP);
    }
    const auto tail = static_cast<float>(kept == logits.size() ? 0.0 : std::max(0.0, 1.0 - mass));
    std::vector<std::byte> record(recordBytes(kept));
    std::memcpy(record.data(), ids.data(), kept * 4);
    std::memcpy(record.data() + kept * 4, logProbabilities.data(), kept * 4);
    std::memcpy(record.data() + kept * 8, &tail, 4);
    return record;
}

double quantile(const std::vector<double>& sorted, double q)
{
    const double at = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

void summarise(std::vector<double> divergences, DivergenceResult& result)
{
    const auto n = static_cast<double>(divergences.size());
    double sum = 0;
    double sumOfSquares = 0;
    for (const double d : divergences) {
        sum += d;
        sumOfSquares += d * d;
    }
    result.mean = sum / n;
    result.meanError = n > 1 ? std::sqrt(std::max(0.0, sumOfSquares / n - result.mean * result.mean) / (n - 1)) : 0.0;
    std::sort(divergences.begin(), divergences.end());
    result.p25 = quantile(divergences, 0.25);
    result.median = quantile(divergences, 0.5);
    result.p75 = quantile(divergences, 0.75);
    result.p99 = quantile(divergences, 0.99);
}

} // namespace

Result<ReferenceDistributions> ReferenceDistributions::collect(Engine& reference, std::span<const std::int32_t> tokens,
                                                               const PerplexityOptions& options,
                                                               const std::string& path, const JobContext& context)
{
    BS_TRY(const Windows windows, windowsOf(reference, tokens.size(), options));
    const std::size_t kept = std::min<std::size_t>(kKept, reference.config().vocabulary);
    const std::array<std::uint64_t, 2> counts{windows.count * windows.scoredEach, kept};
    BS_TRY(AtomicFile file, AtomicFile::create(path, true));
    BS_CHECK(file.write(std::string_view(kMagic.data(), kMagic.size())));
    BS_CHECK(file.write(std::as_bytes(std::span(counts))));
    BS_CHECK(forEachScored(
        reference, tokens, options,
        [&](std::size_t, std::int32_t, std::span<const float> logits) { return file.write(recordOf(logits, kept)); },
        context));
    BS_CHECK(file.commit());
    return open(path);
}

Result<ReferenceDistributions> ReferenceDistributions::open(const std::string& path)
{
    BS_TRY(File file, File::open(path));
    std::array<std::byte, kHeaderBytes> header{};
    if (file.size() < header.size())
        return Error{ErrorCode::Format, path + ": is " + std::to_string(file.size()) + " bytes, too short for reference distributions"};
    BS_CHECK(file.readAt(0, header));
    std::array<std::uint64_t, 2> counts{};
    std::memcpy(counts.data(), header.data() + 8, sizeof counts);
    if (std::memcmp(header.data(), kMagic.data(), kMagic.size()) != 0 || counts[1] == 0 || counts[1] > kKept)
        return Error{ErrorCode::Format, path + ": holds no reference distributions"};
    const std::uint64_t payload = file.size() - kHeaderBytes;
    if (payload % recordBytes(counts[1]) != 0 || payload / recordBytes(counts[1]) != counts[0])
        return Error{ErrorCode::Format, path + ": holds " + std::to_string(payload) + " bytes for " +
                                            std::to_string(counts[0]) + " positions of " +
                                            std::to_string(recordBytes(counts[1]))};
    ReferenceDistributions reference(std::move(file));
    reference.m_positions = counts[0];
    reference.m_kept = counts[1];
    return reference;
}

Result<void> ReferenceDistributions::read(std::size_t index, Position& position) const
{
    std::vector<std::byte> record(recordBytes(m_kept));
    BS_CHECK(m_file.readAt(kHeaderBytes + index * record.size(), record));
    position.ids.resize(m_kept);
    position.logProbabilities.resize(m_kept);
    std::memcpy(position.ids.data(), record.data(), m_kept * 4);
    std::memcpy(position.logProbabilities.data(), record.data() + m_kept * 4, m_kept * 4);
    std::memcpy(&position.tailMass, record.data() + m_kept * 8, 4);
    for (const std::int32_t id : position.ids)
        if (id < 0)
            return Error{ErrorCode::Format, m_file.path() + ": position " + std::to_string(index) + " names token " + std::to_string(id)};
    return {};
}

double divergenceAt(const ReferenceDistributions::Position& reference, std::span<const float> logits)
{
    const double total = logSumExp(logits);
    double divergence = 0;
    double mass = 0;
    for (std::size_t i = 0; i < reference.ids.size(); ++i) {
        const auto logP = static_cast<double>(reference.logProbabilities[i]);
        const double logQ = static_cast<double>(logits[static_cast<std::size_t>(reference.ids[i])]) - total;
        divergence += std::exp(logP) * (logP - logQ);
        mass += std::exp(logQ);
    }
    // A tail below f32's rounding of the sums above says nothing.
    constexpr double kSmallest = 1e-9;
    const auto tailP = static_cast<double>(reference.tailMass);
    if (tailP > kSmallest)
        divergence += tailP * std::log(tailP / std::max(kSmallest, 1.0 - mass));
    return std::max(0.0, divergence);
}

Result<DivergenceResult> measureDivergence(Engine& engine, const ReferenceDistributions& reference,
                                           std::span<const std::int32_t> tokens, const PerplexityOptions& options,
                                           const JobContext& context)
{
    const auto start = std::chrono::steady_clock::now();
    BS_TRY(const Windows windows, windowsOf(engine, tokens.size(), options));
    if (windows.count * windows.scoredEach != reference.positions())
        return Error{ErrorCode::Usage, "the reference was taken at " + std::to_string(reference.positions()) +
                                           " positions, this run scores " + std::to_string(windows.count * windows.scoredEach)};
    NllSum nll;
    std::vector<double> divergences;
    std::size_t sameTop = 0;
    ReferenceDistributions::Position position;
    BS_CHECK(forEachScored(
        engine, tokens, options,
        [&](std::size_t index, std::int32_t target, std::span<const float> logits) -> Result<void> {
            BS_CHECK(reference.read(index, position));
            for (const std::int32_t id : position.ids)
                if (static_cast<std::size_t>(id) >= logits.size())
                    return Error{ErrorCode::Usage, "the reference has token " + std::to_string(id) +
                                                       ", this model's vocabulary is " + std::to_string(logits.size())};
            nll.add(logSumExp(logits) - static_cast<double>(logits[static_cast<std::size_t>(target)]));
            divergences.push_back(divergenceAt(position, logits));
            const auto top = std::max_element(logits.begin(), logits.end()) - logits.begin();
            sameTop += top == position.ids.front() ? 1 : 0;
            return {};
        },
        context));
    DivergenceResult result;
    result.perplexity = nll.result();
    result.perplexity.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.sameTop = static_cast<double>(sameTop) / static_cast<double>(divergences.size());
    summarise(std::move(divergences), result);
    return result;
}

} // namespace bs

#include "core/formats/compression_config.h"

#include "core/base/json_guard.h"

#include <algorithm>
#include <unordered_map>

namespace bs {

namespace {

using Json = nlohmann::json;

/// The events of [ { "memory": n, "layers": { name: depth, ... } }, ... ]. Each answer is whether
/// to go on.
class StepReader : public nlohmann::json_sax<Json>
{
public:
    explicit StepReader(const std::vector<HeldMatrix>& matrices)
        : m_matrices(matrices)
        , m_seen(matrices.size(), 0)
        , m_wanted(matrices.size(), 0)
    {
        m_result.depth.assign(matrices.size(), 0);
        const std::string prefix = "model.";
        for (std::uint32_t m = 0; m < matrices.size();
             ++m) // "model.layers.0.x" is "layer.0.x" there
            m_byName.emplace(
                "layer." + matrices[m].name.substr(prefix.size() + std::string("layers.").size()),
                m);
    }

    const std::string& fault() const { return m_fault; }
    StatedOrder& result() { return m_result; }
    std::uint64_t steps() const { return m_step; }

    bool null() override { return other("null"); }
    bool boolean(bool /*value*/) override { return other("a boolean"); }
    bool number_integer(number_integer_t /*value*/) override { return other("a negative number"); }
    bool number_float(number_float_t /*value*/, const string_t& /*text*/) override
    {
        return other("a fraction");
    }
    bool string(string_t& /*value*/) override { return other("a string"); }
    bool binary(binary_t& /*value*/) override { return other("binary"); }
    bool number_unsigned(number_unsigned_t value) override
    {
        if (m_depth != kInLayers) return other("a number");
        const std::uint32_t held = m_matrices[m_matrix].blocks;
        if (value > held)
            return fail("asks for " + std::to_string(value) + " blocks of " +
                        printable(m_matrices[m_matrix].name) + ", the files hold " +
                        std::to_string(held));
        m_wanted[m_matrix] = static_cast<std::uint32_t>(value);
        return true;
    }
    bool start_array(std::size_t /*elements*/) override
    {
        return m_depth++ == kOutside || fail("holds an array where none is expected");
    }
    bool end_array() override
    {
        --m_depth;
        return true;
    }
    bool start_object(std::size_t /*elements*/) override
    {
        if (m_depth == kInList || (m_depth == kInStep && m_isLayers)) {
            ++m_depth;
            m_named = m_depth == kInLayers ? 0 : m_named;
            m_hasLayers = m_depth == kInLayers;
            return true;
        }
        return fail(m_depth == kOutside ? "is an object, a list of steps is expected"
                                        : "holds an object where none is expected");
    }
    bool end_object() override { return m_depth-- == kInLayers || endStep(); }
    bool key(string_t& name) override
    {
        if (m_depth != kInLayers) {
            m_isLayers = name == "layers";
            return !m_isLayers || !m_hasLayers || fail("has the field 'layers' twice");
        }
        const auto found = m_byName.find(name);
        if (found == m_byName.end())
            return fail("names '" + printable(name) + "', which is no matrix of the model");
        m_matrix = found->second;
        if (m_seen[m_matrix] == m_step + 1) return fail("names '" + printable(name) + "' twice");
        m_seen[m_matrix] = m_step + 1;
        ++m_named;
        return true;
    }
    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*error*/) override
    {
        m_fault = "is not JSON from byte " + std::to_string(position) + " on";
        return false;
    }

private:
    enum Depth { kOutside, kInList, kInStep, kInLayers };

    bool fail(const std::string& what)
    {
        m_fault = (m_depth == kOutside ? "" : "step " + std::to_string(m_step) + " ") + what;
        return false;
    }

    /// A value that is no depth of a matrix: only beside "layers".
    bool other(const char* type)
    {
        if (m_depth == kInStep && !m_isLayers) return true;
        return fail(std::string("holds ") + type + " where " +
                    (m_depth == kInLayers ? "a number of blocks" : "something else") +
                    " is expected");
    }

    bool endStep()
    {
        if (!m_hasLayers) return fail("has no field 'layers'");
        if (m_named != m_matrices.size())
            return fail("names " + std::to_string(m_named) + " matrices, the model has " +
                        std::to_string(m_matrices.size()));
        std::vector<std::uint32_t>& depth = m_result.depth;
        for (std::uint32_t m = 0; m < depth.size(); ++m)
            if (m_wanted[m] < depth[m])
                return fail("has " + std::to_string(m_wanted[m]) + " blocks of " +
                            printable(m_matrices[m].name) + ", the step before had " +
                            std::to_string(depth[m]));
        bool more = true;
        while (more) {
            more = false;
            for (std::uint32_t m = 0; m < depth.size(); ++m)
                if (depth[m] < m_wanted[m]) {
                    m_result.order.push_back({m, depth[m]++});
                    more = true;
                }
        }
        if (m_step++ == 0) m_result.smallestCount = m_result.order.size();
        m_hasLayers = false;
        return true;
    }

    const std::vector<HeldMatrix>& m_matrices;
    std::unordered_map<std::string, std::uint32_t> m_byName;
    std::vector<std::uint64_t> m_seen;   ///< by matrix: the step that named it last, from 1
    std::vector<std::uint32_t> m_wanted; ///< by matrix: depth of the step at hand
    StatedOrder m_result;
    int m_depth = kOutside;
    bool m_isLayers = false;
    bool m_hasLayers = false;
    std::uint32_t m_matrix = 0;
    std::size_t m_named = 0;
    std::uint64_t m_step = 0;
    std::string m_fault;
};

} // namespace

Result<StatedOrder> readCompressionConfig(std::string_view text,
                                          const std::vector<HeldMatrix>& matrices)
{
    const std::size_t nul = text.find('\0'); // the library takes it for the end
    if (nul != std::string_view::npos)
        return Error{ErrorCode::Format, "is not JSON: NUL byte at byte " + std::to_string(nul)};
    if (const auto run = longRun(text, JsonLimits{}.maxRun))
        return Error{ErrorCode::Format, "is no list of steps: a run of more than " +
                                            std::to_string(JsonLimits{}.maxRun) +
                                            " bytes without a text's begin or end from byte " +
                                            std::to_string(*run) + " on"};
    StepReader reader(matrices);
    if (!Json::sax_parse(text.begin(), text.end(), &reader))
        return Error{ErrorCode::Format, reader.fault()};
    if (reader.steps() == 0) return Error{ErrorCode::Format, "holds no step, so no loading order"};
    const std::vector<std::uint32_t>& depth = reader.result().depth;
    const auto none = std::find(depth.begin(), depth.end(), 0U);
    if (none != depth.end())
        return Error{ErrorCode::Format,
                     "never loads a block of " +
                         printable(matrices[static_cast<std::size_t>(none - depth.begin())].name)};
    return std::move(reader.result());
}

} // namespace bs

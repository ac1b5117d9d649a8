#pragma once

// The scripted worker's side of the charts: divergences beside a perplexity, and a text token by
// token.
#include "core/store/store.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <string>

namespace bs::test {

/// What a comparison with the original stores beside `perplexity`; `x` from 0, the smallest size,
/// to 1. False: it could not be stored.
inline bool storeDivergence(bs::Store& store, bs::MeasurementRecord record, double x)
{
    const double mean = 0.9 * std::exp(-4 * x);
    const auto add = [&](const char* metric, double value, std::optional<double> error) {
        record.metric = metric;
        record.value = value;
        record.error = error;
        return static_cast<bool>(store.addMeasurement(record));
    };
    return add("kld_mean", mean, mean * 0.05) && add("kld_25", mean * 0.1, std::nullopt) &&
           add("kld_median", mean * 0.4, std::nullopt) && add("kld_75", mean * 1.2, std::nullopt) &&
           add("kld_99", mean * 9, std::nullopt) &&
           add("same_top", 1 - 0.4 * std::exp(-4 * x), std::nullopt);
}

/// As many tokens as the script wants, farther from the original the rounder their number.
inline nlohmann::json tokenDivergence(const nlohmann::json& params, int tokens)
{
    using nlohmann::json;
    const auto choices = [](const char* first) {
        return json::array(
            {{{"text", first}, {"probability", 0.6}}, {{"text", " a"}, {"probability", 0.2}}});
    };
    json positions = json::array();
    for (int i = 0; i < tokens; ++i)
        positions.push_back({{"index", i + 1},
                             {"text", " word" + std::to_string(i)},
                             {"kld", i % 10 == 0 ? 2.0 - i * 0.001 : 0.05},
                             {"nll", 1.5},
                             {"reference_top", " the"},
                             {"reference_probability", 0.6},
                             {"top", " an"},
                             {"probability", 0.5}});
    json worst = json::array();
    for (int i = 0; i < tokens && worst.size() < 3; i += 10)
        worst.push_back({{"position", i},
                         {"before", "text before\nthe"},
                         {"after", " and after"},
                         {"reference", choices(" the")},
                         {"model", choices(" an")}});
    const bool answer = params.contains("messages");
    return {{"file_bytes", params["budget_bytes"]},
            {"reference", "/models/demo.gguf"},
            {"dense", true},
            {"note", nullptr},
            {"kept", 4096},
            {"tokens", answer ? tokens + 20 : tokens},
            {"kld_mean", 0.245},
            {"kld_median", 0.05},
            {"same_top", 0.9},
            {"positions", positions},
            {"worst", worst}};
}

} // namespace bs::test

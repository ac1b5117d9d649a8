#pragma once

// What the scripted worker says about recipes and tensors.

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>

namespace fake {

using nlohmann::json;

inline constexpr std::array<const char*, 7> kClasses{"q_proj",    "k_proj",  "v_proj",   "o_proj",
                                                     "gate_proj", "up_proj", "down_proj"};

inline std::string matrixName(std::size_t m)
{
    return "model.layers." + std::to_string(m / 7) + "." + kClasses.at(m % 7);
}

/// Depths with "TARGET=N" and "TARGET=+N" done to them; whatever else a rule says counts as 4.
inline json underRules(json depths, const json& rules)
{
    for (const json& rule : rules) {
        const std::string text = rule;
        const std::size_t at = text.rfind('=');
        const std::string target = text.substr(0, at);
        const std::string value = text.substr(at + 1);
        const bool offset = value[0] == '+' || value[0] == '-';
        for (std::size_t m = 0; m < depths.size(); ++m) {
            if (target != matrixName(m) && target != kClasses.at(m % 7)) continue;
            int depth = value.ends_with("bits") ? 4 : std::stoi(value);
            if (offset) depth += depths[m].get<int>();
            depths[m] = std::clamp(depth, 0, 8);
        }
    }
    return depths;
}

/// Every rule is predicted to cost 1 %, and one that begins with '+' to save it. A plan file has
/// the rules it holds.
inline json planned(const json& params, const json& unedited, std::int64_t smallest)
{
    json rules = params.value("rules", json::array());
    std::int64_t budget = params.value("budget_bytes", std::int64_t{0});
    if (params.contains("file")) {
        std::ifstream in(params["file"].get<std::string>());
        const json file = json::parse(in, nullptr, false);
        if (file.is_discarded())
            throw std::runtime_error("this is no plan: it has no list \"matrices\"");
        rules = file["rules"];
        budget = file["file_bytes"];
    }
    const json depths = underRules(unedited, rules);
    double change = 0;
    json matrices = json::array();
    for (const json& rule : rules)
        change += rule.get<std::string>().find("=+") == std::string::npos ? 0.01 : -0.01;
    for (std::size_t m = 0; m < depths.size(); ++m)
        matrices.push_back({{"name", matrixName(m)}, {"depth", depths[m]}, {"bytes", 1000}});
    return {{"budget_bytes", budget},
            {"file_bytes", std::max(smallest, budget)},
            {"weight_bytes", budget},
            {"matrices", matrices},
            {"rules", rules},
            {"predicted_rise", 0.2 + change},
            {"unedited", {{"file_bytes", budget}, {"predicted_rise", 0.2}}},
            {"predicted_change", change},
            {"plan", depths}};
}

inline json tensorEntry(const std::string& name, const json& layer, const json& shape, bool stack)
{
    return {{"name", name},   {"layer", layer},     {"dtype", stack ? "nested" : "F16"},
            {"shape", shape}, {"bytes", 1'000'000}, {"blocks", stack ? json(8) : json(nullptr)}};
}

/// Two layers of a stack, or of a dense model.
inline json tensorList(const json& params)
{
    const bool stack = params["path"].get<std::string>().ends_with(".bitstack");
    json tensors = json::array();
    tensors.push_back(tensorEntry("model.embed_tokens.weight", nullptr, {49152, 576}, stack));
    tensors.push_back(tensorEntry("model.norm.weight", nullptr, json::array({576}), false));
    for (std::size_t m = 0; m < 14; ++m)
        tensors.push_back(tensorEntry(matrixName(m) + ".weight", m / 7, {576, 1112}, stack));
    json metadata = json::array();
    metadata.push_back({{"key", "general.name"}, {"value", "Scripted"}});
    metadata.push_back({{"key", "tokenizer.tokens"}, {"value", std::string(5000, 'x')}});
    return {{"tensors", tensors}, {"metadata", metadata}};
}

inline json tensor(const json& params)
{
    const std::string name = params["name"];
    const bool stack = params["path"].get<std::string>().ends_with(".bitstack") &&
                       name.find("norm") == std::string::npos;
    json counts = json::array();
    for (int i = 0; i < 121; ++i)
        counts.push_back(1000 - 16 * std::abs(i - 60));
    json codes = json::array();
    json residuals = json::array();
    for (int i = 0; i < 16; ++i) {
        std::string bits;
        for (int b = 3; b >= 0; --b)
            bits += ((i >> b) & 1) != 0 ? '1' : '0';
        codes.push_back({{"bits", bits}, {"count", 40000 + 100 * i}});
    }
    for (int depth = 0; depth <= 8; ++depth)
        residuals.push_back({{"depth", depth},
                             {"bytes", 125000 * depth},
                             {"bits_per_weight", 1.5 * depth},
                             {"error", depth == 8 ? 0.0 : 1.0 / (1 << depth)}});
    return {{"tensor", tensorEntry(name, 0, {576, 1112}, stack)},
            {"statistics",
             {{"count", 640512},
              {"min", -0.5},
              {"max", 0.75},
              {"mean", 0.001},
              {"std", 0.1},
              {"largest", 0.75},
              {"zeros", 6405},
              {"not_finite", 2}}},
            {"histogram",
             {{"lower", -0.5}, {"upper", 0.5}, {"below", 0}, {"above", 7}, {"counts", counts}}},
            {"codes", stack ? codes : json(nullptr)},
            {"residuals", stack ? residuals : json(nullptr)}};
}

} // namespace fake

#pragma once

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>

// What the scripted worker says of two models that are compared.

/// Token `id` is written "t<id>" and half as likely at less than 100 MB; "other" has a tenth.
inline nlohmann::json fakeScores(const nlohmann::json& params, std::int64_t bytes)
{
    nlohmann::json tokens = nlohmann::json::array();
    for (const nlohmann::json& id : params["ids"]) {
        const nlohmann::json chance{{"id", id},
                                    {"text", "t" + std::to_string(id.get<int>())},
                                    {"log_probability", std::log(bytes < 100'000'000 ? 0.4 : 0.8)}};
        const nlohmann::json other{
            {"id", 7777}, {"text", "other"}, {"log_probability", std::log(0.1)}};
        tokens.push_back(chance);
        tokens.back()["top"] = nlohmann::json::array({chance, other});
    }
    return {{"tokens", tokens}};
}

/// One block less is half a megabyte less and keeps two tokens.
inline nlohmann::json fakeKept(const nlohmann::json& params, std::int64_t bytes)
{
    const auto all = static_cast<std::int64_t>(params["ids"].size());
    const auto first = params["tokens"].get<std::int64_t>();
    const std::int64_t tokens = first > 0 ? first : all;
    const bool found = bytes > 0;
    const nlohmann::json below{{"file_bytes", bytes - 500'000}, {"kept", 2}};
    const nlohmann::json largest{{"file_bytes", params["budget_bytes"]},
                                 {"kept", found ? tokens : std::int64_t{1}}};
    return {{"tokens", tokens},
            {"file_bytes", found ? nlohmann::json(bytes) : nlohmann::json()},
            {"weight_bytes", found ? nlohmann::json(bytes - 2'000'000) : nlohmann::json()},
            {"written", found ? nlohmann::json(tokens) : nlohmann::json()},
            {"below", found ? below : nlohmann::json()},
            {"probes", nlohmann::json::array({largest, below})}};
}

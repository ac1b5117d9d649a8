#pragma once

#include "ui/jobs/stack_record.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace bs::test {

/// A stack of two layers with two classes each and an embedding in two slabs: what the worker
/// sends. Blocks of 1 MB; the smallest size has one block of each matrix.
inline QJsonObject smallStackJson()
{
    static constexpr char kText[] = R"({
        "path": "/m/small.bitstack", "codec": "nested", "parameters": 64000000, "layers": 2,
        "matrices": [
            {"name": "model.embed_tokens#0", "layer": null, "class": "embed_tokens", "rows": 3000, "cols": 1000,
             "block_bytes": [1000000, 1000000], "gains": [8, 0.5]},
            {"name": "model.embed_tokens#3000", "layer": null, "class": "embed_tokens", "rows": 1000, "cols": 1000,
             "block_bytes": [1000000], "gains": [4]},
            {"name": "model.layers.0.self_attn.q_proj", "layer": 0, "class": "q_proj", "rows": 1000, "cols": 1000,
             "block_bytes": [1000000, 1000000, 1000000], "gains": [2, 0.25, 0.03125]},
            {"name": "model.layers.0.mlp.up_proj", "layer": 0, "class": "up_proj", "rows": 2000, "cols": 1000,
             "block_bytes": [1000000, 1000000], "gains": [2, 0.125]},
            {"name": "model.layers.1.self_attn.q_proj", "layer": 1, "class": "q_proj", "rows": 1000, "cols": 1000,
             "block_bytes": [1000000], "gains": [2]}
        ],
        "order": [[0,1],[1,1],[2,1],[3,1],[4,1],[0,2],[2,2],[3,2],[2,3]],
        "smallest_count": 5,
        "file_bytes": [6000000, 7000000, 8000000, 9000000, 10000000],
        "gain_left": [0.90625, 0.40625, 0.15625, 0.03125, 0],
        "predicted": [{"budget_bytes": 6000000, "predicted_rise": 0.6931471805599453, "measured_rise": 0.75},
                      {"budget_bytes": 10000000, "predicted_rise": 0.01, "measured_rise": -0.002}]})";
    return QJsonDocument::fromJson(kText).object();
}

/// The same, as the window keeps it.
inline ui::StackPointer smallStack()
{
    return ui::StackRecord::fromJson(smallStackJson());
}

/// As a file that stores neither gains nor predictions.
inline ui::StackPointer bareStack()
{
    QJsonObject json = smallStackJson();
    json.insert(QLatin1String("gain_left"), QJsonValue());
    json.insert(QLatin1String("predicted"), QJsonArray());
    QJsonArray matrices = json.value(QLatin1String("matrices")).toArray();
    for (qsizetype m = 0; m < matrices.size(); ++m) {
        QJsonObject matrix = matrices.at(m).toObject();
        matrix.insert(QLatin1String("gains"), QJsonValue());
        matrices.replace(m, matrix);
    }
    json.insert(QLatin1String("matrices"), matrices);
    return ui::StackRecord::fromJson(json);
}

} // namespace bs::test

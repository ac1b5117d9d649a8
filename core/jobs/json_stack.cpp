#include "core/jobs/json.h"
#include "core/jobs/size_marks.h"

namespace bs {

namespace {

Json matrixJson(const StackReport& report, const StackReport::Matrix& matrix)
{
    return Json{{"name", matrix.name},
                {"layer", orNull(matrix.layer)},
                {"class", matrix.kind},
                {"rows", matrix.rows},
                {"cols", matrix.cols},
                {"linear", matrix.linear},
                {"block_bytes", matrix.blockBytes},
                {"gains", report.hasGains ? Json(matrix.gains) : Json(nullptr)}};
}

Json marksJson(const std::vector<SizeMark>& marks)
{
    Json list = Json::array();
    for (const SizeMark& mark : marks)
        list.push_back(
            Json{{"kind", nameOf(mark.kind)}, {"name", mark.name}, {"file_bytes", mark.fileBytes}});
    return list;
}

} // namespace

Json predictedJson(const std::vector<PredictedRise>& rises)
{
    Json list = Json::array();
    for (const PredictedRise& rise : rises)
        list.push_back(Json{{"budget_bytes", rise.budgetBytes},
                            {"predicted_rise", rise.predictedRise},
                            {"measured_rise", rise.measuredRise}});
    return list;
}

Json stackReportJson(const StackReport& report)
{
    Json matrices = Json::array();
    for (const StackReport::Matrix& matrix : report.matrices)
        matrices.push_back(matrixJson(report, matrix));
    Json order = Json::array();
    for (const StackBlock& block : report.order)
        order.push_back(Json::array({block.matrix, block.index + 1}));
    return Json{{"path", report.path},
                {"codec", report.codec},
                {"parameters", report.parameters},
                {"layers", report.layers},
                {"matrices", std::move(matrices)},
                {"order", std::move(order)},
                {"smallest_count", report.smallestCount},
                {"file_bytes", report.fileBytes},
                {"gain_left", report.hasGains ? Json(report.gainLeft) : Json(nullptr)},
                {"predicted", predictedJson(report.predicted)},
                {"marks", marksJson(sizeMarks(report))}};
}

} // namespace bs

#include "app/worker/worker.h"
#include "core/jobs/describe_tensor.h"

namespace bs::worker {

Result<Json> Worker::tensors(Params& params, const Json& /*id*/, const JobContext& /*context*/)
{
    const std::string path = params.text("path");
    BS_CHECK(params.check());
    BS_TRY(const ModelSource source, openModel(path));
    BS_TRY(const auto metadata, listMetadata(source));
    return tensorListJson(listTensors(source), metadata);
}

Result<Json> Worker::tensor(Params& params, const Json& /*id*/, const JobContext& context)
{
    const std::string path = params.text("path");
    const std::string name = params.text("name");
    BS_CHECK(params.check());
    BS_TRY(const ModelSource source, openModel(path));
    BS_TRY(const TensorReport report, describeTensor(source, name, context));
    return tensorReportJson(report);
}

} // namespace bs::worker

#include "core/jobs/export.h"

#include "core/jobs/export_layout.h"
#include "core/jobs/identity.h"
#include "core/jobs/loaded_model.h"
#include "core/jobs/not_the_input.h"
#include "core/jobs/sizing.h"
#include "core/jobs/version.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

namespace bs {

namespace {

constexpr std::array kForms{ExportForm::Safetensors, ExportForm::Gguf, ExportForm::Authors,
                            ExportForm::Trim};
constexpr std::array kTypes{ExportType::F16, ExportType::Q8_0};

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool isFolder(ExportForm form)
{
    return form == ExportForm::Safetensors || form == ExportForm::Authors;
}

/// Where the weights come from and how deep each matrix is.
std::string manifestText(const ExportRequest& request, const ExportSource& source,
                         const ModelIdentity& identity)
{
    nlohmann::ordered_json json = {
        {"program", std::string("bitstack ") + programVersion()},
        {"format", nameOf(request.form)},
        {"type", request.form == ExportForm::Gguf ? nameOf(request.type) : "F16"},
        {"source_hash", identity.modelHash},
        {"artifact_hash", identity.artifactHash},
        {"codec", identity.method},
        {"file_bytes", source.size.fileBytes},
        {"plan", nullptr}};
    if (source.size.isStack) {
        const auto& matrices = source.model->container->stack.matrices;
        auto plan = nlohmann::ordered_json::array(); // of the form that --plan reads
        for (std::size_t m = 0; m < matrices.size(); ++m)
            plan.push_back({{"name", matrices[m].name}, {"depth", source.size.plan.depth[m]}});
        json["plan"] = {{"matrices", std::move(plan)}};
    }
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// Hashes of a model that is no stack take reading all of it; a forecast needs their length only.
Result<ModelIdentity> identityFor(const ModelSource& model, bool forecast)
{
    if (forecast && !model.container)
        return ModelIdentity{std::string(16, '0'), std::string(16, '0'), "dense"};
    return identify(model);
}

Result<std::vector<ExportFile>> filesOf(const ExportRequest& request, bool forecast,
                                        const JobContext& context)
{
    ExportSource source;
    source.type = request.type;
    source.context = {context.stop, {}};
    BS_TRY(source.model, openShared(request.model));
    BS_TRY(source.size, chooseSize(*source.model, request.size));
    BS_TRY(const ModelIdentity identity, identityFor(*source.model, forecast));
    source.manifest = manifestText(request, source, identity);
    if (request.form == ExportForm::Gguf) return ggufFiles(source);
    return request.form == ExportForm::Authors ? authorsFiles(source) : safetensorsFiles(source);
}

ExportResult resultOf(const ExportRequest& request, const std::vector<ExportFile>& files)
{
    ExportResult result;
    for (const ExportFile& file : files) {
        result.bytes += file.bytes();
        const std::filesystem::path output(request.output);
        result.files.push_back(file.name.empty() ? request.output : (output / file.name).string());
    }
    return result;
}

Result<ExportResult> forecastTrim(const ExportRequest& request)
{
    BS_TRY(const auto model, openShared(request.model));
    BS_TRY([[maybe_unused]] const Container* container, needStack(*model, "trim"));
    BS_TRY(const ChosenSize size, chooseSize(*model, request.size));
    return ExportResult{size.fileBytes, {request.output}};
}

} // namespace

const char* nameOf(ExportForm form)
{
    switch (form) {
    case ExportForm::Safetensors:
        return "safetensors";
    case ExportForm::Gguf:
        return "gguf";
    case ExportForm::Authors:
        return "authors";
    case ExportForm::Trim:
        break;
    }
    return "trim";
}

const char* nameOf(ExportType type)
{
    return type == ExportType::Q8_0 ? "Q8_0" : "F16";
}

Result<ExportForm> exportFormOf(const std::string& name)
{
    for (const ExportForm form : kForms)
        if (name == nameOf(form)) return form;
    return Error{ErrorCode::Usage, "format '" + name.substr(0, 60) +
                                       "' is not known (known: safetensors, gguf, authors, trim)"};
}

Result<ExportType> exportTypeOf(const std::string& name)
{
    for (const ExportType type : kTypes)
        if (lowered(name) == lowered(nameOf(type))) return type;
    return Error{ErrorCode::Usage,
                 "type '" + name.substr(0, 60) + "' is not known (known: F16, Q8_0)"};
}

Result<ExportResult> forecastExport(const ExportRequest& request)
{
    if (request.form == ExportForm::Trim) return forecastTrim(request);
    BS_TRY(const std::vector<ExportFile> files, filesOf(request, true, {}));
    return resultOf(request, files);
}

Result<ExportResult> exportModel(const ExportRequest& request, const JobContext& context)
{
    if (request.form == ExportForm::Trim) {
        BS_TRY(const ChosenSize size,
               trimModel({request.model, request.size, request.output, request.force}, context));
        return ExportResult{size.fileBytes, {request.output}};
    }
    BS_CHECK(checkNotTheInput(request.output, request.model));
    BS_TRY(const std::vector<ExportFile> files, filesOf(request, false, context));
    if (isFolder(request.form)) {
        BS_CHECK(writeExportedFolder(files, request.output, request.force, context));
    } else {
        BS_CHECK(writeExportedFile(files.front(), request.output, request.force, context));
    }
    return resultOf(request, files);
}

} // namespace bs

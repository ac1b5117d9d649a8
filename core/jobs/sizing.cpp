#include "core/jobs/sizing.h"

#include "core/jobs/not_the_input.h"

namespace bs {

namespace {

Result<ChosenSize> chooseOfStack(const ModelSource& source, const SizeChoice& choice,
                                 const std::string& what)
{
    BS_TRY([[maybe_unused]] const Container* container, needStack(source, what));
    return chooseSize(source, choice);
}

} // namespace

PlanReport reportPlan(const ModelSource& source, ChosenSize size)
{
    PlanReport report;
    const Stack& stack = source.container->stack;
    for (std::size_t m = 0; m < stack.matrices.size(); ++m) {
        PlanReport::Matrix matrix{stack.matrices[m].name, size.plan.depth[m], 0};
        for (std::uint32_t i = 0; i < matrix.depth; ++i)
            matrix.bytes += stack.matrices[m].blockBytes[i];
        report.matrices.push_back(std::move(matrix));
    }
    report.size = std::move(size);
    return report;
}

Result<PlanReport> planModel(const std::string& model, const SizeChoice& choice)
{
    BS_TRY(const ModelSource source, openModel(model));
    BS_TRY(ChosenSize size, chooseOfStack(source, choice, "plan"));
    return reportPlan(source, std::move(size));
}

Result<ChosenSize> trimModel(const TrimRequest& request, const JobContext& context)
{
    BS_TRY(const ModelSource source, openModel(request.model));
    BS_TRY(ChosenSize size, chooseOfStack(source, request.size, "trim"));
    BS_CHECK(checkNotTheInput(request.output, request.model));
    BS_TRY([[maybe_unused]] const std::uint64_t written,
           trimContainer(*source.container, size.plan, request.output, request.force,
                         [&](double done) -> Result<void> {
                             context.report({"writing", done, 1, -1, {}});
                             return context.checkStop();
                         }));
    return size;
}

} // namespace bs

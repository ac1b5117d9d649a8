#include "ui/widgets/job_delegate.h"

#include "ui/models/jobs_model.h"

#include <QPainter>

namespace bs::ui {

namespace {

constexpr int kSide = 8;
constexpr int kBar = 3;

} // namespace

JobDelegate::JobDelegate(QObject* parent)
    : TwoLineDelegate(JobsModel::StateRole, JobsModel::RestRole, parent)
{
}

void JobDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const
{
    TwoLineDelegate::paint(painter, option, index);
    const double share = index.data(JobsModel::ShareRole).toDouble();
    if (share < 0) return;
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QRect groove(option.rect.left() + kSide, option.rect.bottom() - kBar,
                       option.rect.width() - 2 * kSide, kBar);
    QColor colour = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Mid);
    colour.setAlpha(90);
    painter->fillRect(groove, colour);
    painter->fillRect(
        QRect(groove.topLeft(), QSize(qRound(groove.width() * share), groove.height())),
        option.palette.color(selected ? QPalette::HighlightedText : QPalette::Highlight));
}

} // namespace bs::ui

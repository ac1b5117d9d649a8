#include "ui/widgets/job_strip.h"

#include "ui/models/progress_words.h"
#include "ui/models/words.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/looks.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kBarSteps = 1000;

} // namespace

JobStrip::JobStrip(QWidget* parent)
    : QFrame(parent)
    , m_title(new ElidedLabel(this))
    , m_detail(new ElidedLabel(this))
    , m_bar(new QProgressBar(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    setObjectName(QStringLiteral("jobStrip"));
    setFrameShape(QFrame::StyledPanel);
    m_title->setObjectName(QStringLiteral("jobTitle"));
    m_bar->setObjectName(QStringLiteral("jobBar"));
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(10);
    m_bar->setAccessibleName(tr("Progress"));
    m_detail->setObjectName(QStringLiteral("jobDetail"));
    makeQuiet(m_detail);
    m_cancel->setObjectName(QStringLiteral("jobCancel"));
    m_cancel->setToolTip(tr("Stop this job; what is finished stays"));

    auto* const column = new QVBoxLayout;
    column->setSpacing(4);
    column->addWidget(m_title);
    column->addWidget(m_bar);
    column->addWidget(m_detail);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 12, 8);
    row->setSpacing(16);
    row->addLayout(column, 1);
    row->addWidget(m_cancel);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_detail->setText(tr("stopping ..."));
        Q_EMIT cancelRequested();
    });
    hide();
}

void JobStrip::begin(const QString& title)
{
    m_what = title;
    showTitle();
    m_detail->setText(tr("starting ..."));
    m_bar->setRange(0, 0);
    m_cancel->setEnabled(true);
    show();
}

void JobStrip::setWaiting(int jobs)
{
    m_waiting = jobs;
    showTitle();
}

void JobStrip::showTitle()
{
    if (m_waiting == 0)
        m_title->setText(m_what);
    else
        m_title->setText(m_waiting == 1 ? tr("%1 · one more job waits").arg(m_what)
                                        : tr("%1 · %2 more jobs wait").arg(m_what).arg(m_waiting));
}

void JobStrip::setProgress(const JobProgress& progress)
{
    if (!m_cancel->isEnabled()) return;
    QStringList parts = progressParts(progress);
    const QString left = durationText(progress.secondsLeft);
    if (!left.isEmpty()) parts.append(tr("%1 left").arg(left));
    m_detail->setText(parts.join(QStringLiteral(" · ")));
    if (progress.total > 0) {
        m_bar->setRange(0, kBarSteps);
        m_bar->setValue(
            static_cast<int>(std::clamp(progress.done / progress.total, 0.0, 1.0) * kBarSteps));
    }
}

void JobStrip::end()
{
    hide();
}

} // namespace bs::ui

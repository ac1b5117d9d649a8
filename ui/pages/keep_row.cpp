#include "ui/pages/keep_row.h"

#include "ui/models/compare_words.h"
#include "ui/models/words.h"
#include "ui/widgets/looks.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kBarSteps = 1000;

} // namespace

KeepRow::KeepRow(Comparison* comparison, QWidget* parent)
    : QWidget(parent)
    , m_comparison(comparison)
    , m_find(new QPushButton(tr("Smallest size that keeps A's answer"), this))
    , m_tokens(new QSpinBox(this))
    , m_bar(new QProgressBar(this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_result(new QLabel(this))
    , m_slide(new QPushButton(tr("Slide there"), this))
    , m_pin(new QPushButton(tr("Pin as B"), this))
{
    build();
    tell({});
    connect(m_find, &QPushButton::clicked, this, &KeepRow::start);
    connect(m_cancel, &QPushButton::clicked, &m_job, &KeepJob::cancel);
    connect(m_slide, &QPushButton::clicked, this,
            [this] { Q_EMIT slideRequested(m_job.settings().path, m_found.fileBytes); });
    connect(m_pin, &QPushButton::clicked, this, [this] {
        Pin pin;
        pin.path = m_job.settings().path;
        pin.budgetBytes = m_found.fileBytes;
        m_comparison->setPin(Side::B, pin);
    });
    connect(&m_job, &KeepJob::runningChanged, this, &KeepRow::refresh);
    connect(&m_job, &KeepJob::progressed, this, &KeepRow::showProgress);
    connect(&m_job, &KeepJob::found, this, &KeepRow::showFound);
    connect(&m_job, &KeepJob::failed, this, &KeepRow::showFailed);
    connect(comparison, &Comparison::runningChanged, this, &KeepRow::forget);
    connect(comparison, &Comparison::pinsChanged, this, &KeepRow::forget);
    refresh();
}

void KeepRow::build()
{
    m_find->setObjectName(QStringLiteral("keepFind"));
    m_tokens->setObjectName(QStringLiteral("keepTokens"));
    m_tokens->setAccessibleName(tr("How many tokens of the answer have to stay"));
    m_tokens->setToolTip(tr("How many tokens of the answer have to stay; 0: all of them"));
    m_tokens->setSpecialValueText(tr("all of it"));
    m_tokens->setPrefix(tr("first "));
    m_bar->setObjectName(QStringLiteral("keepBar"));
    m_bar->setAccessibleName(tr("Progress of the search"));
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(10);
    m_bar->setMinimumWidth(40); // by itself so wide that the window would grow
    m_cancel->setObjectName(QStringLiteral("keepCancel"));
    m_cancel->setToolTip(tr("Stop the search"));
    m_result->setObjectName(QStringLiteral("keepResult"));
    m_result->setWordWrap(true);
    m_result->setToolTip(tr("Found by halving the range of sizes: of the smaller ones only those "
                            "that were tried are known to write something else."));
    m_slide->setObjectName(QStringLiteral("keepSlide"));
    m_slide->setToolTip(tr("Load this size for the chat"));
    m_pin->setObjectName(QStringLiteral("keepPin"));
    m_pin->setToolTip(tr("Compare this size with A"));
    auto* const first = new QHBoxLayout;
    first->addWidget(m_find);
    first->addWidget(m_tokens);
    first->addWidget(m_bar, 1);
    first->addWidget(m_cancel);
    first->addStretch(0);
    auto* const second = new QHBoxLayout;
    second->addWidget(m_result, 1);
    second->addWidget(m_slide);
    second->addWidget(m_pin);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(first);
    column->addLayout(second);
}

QString KeepRow::obstacle() const
{
    const TokenAnswer& answer = m_comparison->answer(Side::A);
    if (m_job.isRunning()) return tr("The search runs.");
    if (m_comparison->isRunning()) return tr("The answers are still being made.");
    if (!answer.isDone() || answer.ids.isEmpty()) return tr("A has to answer first.");
    if (m_comparison->temperature() > 0)
        return tr("Only an answer made at temperature 0 is always the same.");
    if (settings().path.isEmpty()) return tr("Neither A nor B is a stack, which has sizes.");
    return {};
}

/// A's own stack from A's size down; of another model's answer all of B's.
KeepSettings KeepRow::settings() const
{
    KeepSettings wanted;
    const TokenAnswer& answer = m_comparison->answer(Side::A);
    wanted.promptIds = answer.promptIds;
    wanted.ids = answer.ids;
    wanted.tokens = std::min(m_tokens->value(), static_cast<int>(answer.ids.size()));
    for (const Side side : kSides) {
        if (!m_comparison->weight(side).card.stack) continue;
        wanted.path = m_comparison->pin(side).path;
        if (side == Side::A) wanted.budgetBytes = m_comparison->weight(side).fileBytes;
        break;
    }
    return wanted;
}

void KeepRow::start()
{
    if (!obstacle().isEmpty()) return;
    m_found = {};
    tell({});
    m_bar->setRange(0, 0);
    m_job.start(settings());
}

void KeepRow::tell(const QString& sentence)
{
    m_result->setText(sentence);
    m_result->setVisible(!sentence.isEmpty());
}

void KeepRow::showProgress(const JobProgress& progress)
{
    const QString left = durationText(progress.secondsLeft);
    tell(left.isEmpty() ? tr("Trying %1 ...").arg(progress.detail)
                        : tr("Trying %1 ... %2 left").arg(progress.detail, left));
    if (progress.total <= 0) return;
    m_bar->setRange(0, kBarSteps);
    m_bar->setValue(
        static_cast<int>(std::clamp(progress.done / progress.total, 0.0, 1.0) * kBarSteps));
}

void KeepRow::showFound(const KeepFound& found)
{
    if (m_comparison->answer(Side::A).ids != m_job.settings().ids) { // of an answer that is gone
        tell({});
        refresh();
        return;
    }
    m_found = found;
    tell(keepSentence(found));
    refresh();
}

void KeepRow::showFailed(const WorkerError& error)
{
    tell(error.code == kCanceledCode ? tr("The search was stopped.") : error.message);
    refresh();
}

/// What was found was found for another answer.
void KeepRow::forget()
{
    if (m_comparison->answer(Side::A).ids != m_job.settings().ids) {
        m_found = {};
        if (!m_job.isRunning()) tell({});
    }
    refresh();
}

void KeepRow::refresh()
{
    const bool running = m_job.isRunning();
    const QString why = obstacle();
    const QString stack = QFileInfo(settings().path).fileName();
    m_find->setEnabled(why.isEmpty());
    m_find->setToolTip(why.isEmpty() ? tr("Look through the sizes of %1 for it").arg(stack) : why);
    m_tokens->setMaximum(std::max(0, static_cast<int>(m_comparison->answer(Side::A).ids.size())));
    m_tokens->setEnabled(why.isEmpty());
    m_bar->setVisible(running);
    m_cancel->setVisible(running);
    m_slide->setVisible(m_found.fileBytes > 0 && !running);
    m_pin->setVisible(m_found.fileBytes > 0 && !running);
    m_pin->setEnabled(!m_comparison->isRunning());
    Q_EMIT availabilityChanged();
}

} // namespace bs::ui

#include "ui/models/compare_words.h"
#include "ui/pages/compare_columns.h"
#include "ui/pages/compare_page.h"
#include "ui/pages/keep_row.h"
#include "ui/pages/pin_menu.h"
#include "ui/pages/prompt_edit.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/themed_icon.h"

#include <QAction>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>

namespace bs::ui {

ComparePage::ComparePage(EngineSession* session, Library* library, const QList<QAction*>& actions,
                         QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_library(library)
    , m_problem(new QLabel(this))
    , m_prompt(new PromptEdit(this))
    , m_temperature(new QDoubleSpinBox(this))
    , m_tokens(new QSpinBox(this))
    , m_seed(new QSpinBox(this))
    , m_answer(new QPushButton(themedIcon(QStringLiteral("send")), tr("Answer"), this))
    , m_stop(new QPushButton(themedIcon(QStringLiteral("stop")), tr("Stop"), this))
    , m_columns(new CompareColumns(&m_comparison, this))
    , m_summary(new QTableView(this))
    , m_measure(new QPushButton(tr("Measure..."), this))
    , m_keep(new KeepRow(&m_comparison, this))
    , m_body(new QStackedWidget(this))
    , m_next(new QLabel(this))
    , m_nextButton(new QPushButton(this))
{
    setObjectName(QStringLiteral("comparePage"));
    setAccessibleName(tr("Compare"));
    setFocusPolicy(Qt::TabFocus);
    auto* const comparing = new QWidget(this);
    auto* const inner = new QVBoxLayout(comparing);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(6);
    inner->addWidget(buildPrompt());
    inner->addWidget(m_columns, 1);
    buildSummary();
    inner->addWidget(m_summary);
    auto* const last = new QHBoxLayout;
    last->addWidget(m_keep, 1);
    last->addWidget(m_measure, 0, Qt::AlignTop);
    inner->addLayout(last);
    m_body->addWidget(buildEmpty());
    m_body->addWidget(comparing);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(6);
    column->addWidget(buildPins(actions));
    column->addWidget(m_problem);
    column->addWidget(m_body, 1);
    connectAll();
    showPins();
}

QWidget* ComparePage::buildPins(const QList<QAction*>& actions)
{
    auto* const bar = new QWidget(this);
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    for (const Side side : kSides) {
        m_menus[side] = new PinMenu(side, m_session, &m_comparison, this);
        m_pins[side] = new QToolButton(bar);
        m_pins[side]->setObjectName(QStringLiteral("pin") + sideName(side));
        m_pins[side]->setAccessibleName(tr("What %1 is").arg(sideName(side)));
        m_pins[side]->setMenu(m_menus[side]);
        m_pins[side]->setPopupMode(QToolButton::InstantPopup);
        m_pins[side]->setToolButtonStyle(Qt::ToolButtonTextOnly);
        m_pins[side]->setFocusPolicy(Qt::StrongFocus);
        // A long name is cut rather than the window made wider.
        m_pins[side]->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        row->addWidget(m_pins[side], 1);
    }
    for (QAction* const action : actions) {
        auto* const button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setObjectName(action->objectName() + QStringLiteral("Button"));
        button->setAccessibleName(action->text().remove(QLatin1Char('&')));
        button->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(button);
    }
    m_problem->setObjectName(QStringLiteral("compareProblem"));
    m_problem->setWordWrap(true);
    makeWarning(m_problem);
    return bar;
}

QWidget* ComparePage::buildPrompt()
{
    m_prompt->setObjectName(QStringLiteral("comparePrompt"));
    m_prompt->setPlaceholderText(
        tr("Ask both the same. Enter sends, Shift+Enter begins a new line."));
    m_temperature->setObjectName(QStringLiteral("compareTemperature"));
    m_temperature->setAccessibleName(tr("Temperature"));
    m_temperature->setPrefix(tr("Temperature "));
    m_temperature->setRange(0, 2);
    m_temperature->setSingleStep(0.1);
    m_temperature->setDecimals(1);
    m_temperature->setToolTip(tr("0: always the likeliest token"));
    m_tokens->setObjectName(QStringLiteral("compareTokens"));
    m_tokens->setAccessibleName(tr("Longest answer"));
    m_tokens->setRange(1, 1024);
    m_tokens->setValue(120);
    m_tokens->setPrefix(tr("At most "));
    m_tokens->setSuffix(tr(" tokens"));
    m_tokens->setToolTip(tr("Where the answers end at the latest"));
    m_seed->setObjectName(QStringLiteral("compareSeed"));
    m_seed->setAccessibleName(tr("Seed"));
    m_seed->setRange(0, INT_MAX);
    m_seed->setValue(1);
    m_seed->setPrefix(tr("Seed "));
    m_seed->setToolTip(tr("The same random choices for both; of no account at temperature 0"));
    m_answer->setObjectName(QStringLiteral("compareAnswer"));
    m_answer->setToolTip(tr("Let both answer (Enter)"));
    m_stop->setObjectName(QStringLiteral("compareStop"));
    m_stop->setToolTip(tr("Stop both answers"));
    auto* const panel = new QWidget(this);
    auto* const first = new QHBoxLayout;
    first->setSpacing(8);
    first->addWidget(m_prompt, 1);
    for (QPushButton* const button : {m_answer, m_stop}) {
        button->setFixedHeight(m_prompt->height());
        button->setMinimumWidth(92);
        first->addWidget(button, 0, Qt::AlignBottom);
    }
    auto* const second = new QHBoxLayout;
    second->addWidget(m_temperature);
    second->addWidget(m_tokens);
    second->addWidget(m_seed);
    second->addStretch(1);
    auto* const column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(first);
    column->addLayout(second);
    return panel;
}

void ComparePage::buildSummary()
{
    m_summary->setObjectName(QStringLiteral("compareSummary"));
    m_summary->setAccessibleName(tr("A and B in figures"));
    m_summary->setModel(&m_figures);
    m_summary->setTabKeyNavigation(false);
    m_summary->setSelectionMode(QAbstractItemView::SingleSelection);
    m_summary->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_summary->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_summary->setWordWrap(false);
    m_summary->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_summary->horizontalHeader()->setStretchLastSection(true);
    m_summary->horizontalHeader()->setHighlightSections(false);
    QHeaderView* const rows = m_summary->verticalHeader();
    rows->setDefaultSectionSize(fontMetrics().height() + 6);
    m_summary->setFixedHeight(m_summary->horizontalHeader()->sizeHint().height() +
                              m_figures.rowCount() * rows->defaultSectionSize() +
                              2 * m_summary->frameWidth());
    m_measure->setObjectName(QStringLiteral("compareMeasure"));
}

QWidget* ComparePage::buildEmpty()
{
    auto* const page = new QWidget(this);
    m_next->setObjectName(QStringLiteral("compareNext"));
    m_next->setAlignment(Qt::AlignCenter);
    m_next->setWordWrap(true);
    m_nextButton->setObjectName(QStringLiteral("compareNextButton"));
    auto* const column = new QVBoxLayout(page);
    column->addStretch(1);
    column->addWidget(m_next);
    column->addWidget(m_nextButton, 0, Qt::AlignHCenter);
    column->addStretch(1);
    return page;
}

void ComparePage::connectAll()
{
    connect(&m_comparison, &Comparison::pinsChanged, this, &ComparePage::showPins);
    connect(&m_comparison, &Comparison::answerChanged, this, &ComparePage::showFigures);
    connect(&m_comparison, &Comparison::runningChanged, this, &ComparePage::updateControls);
    connect(m_session, &EngineSession::phaseChanged, this, &ComparePage::showNext);
    connect(m_library, &Library::measurementsRead, this,
            [this](const QStringList& artifacts, const QList<CurvePoint>& points) {
                if (artifacts == m_read) takeMeasured(points);
            });
    const auto listPlans = [this] {
        if (m_session->card().stack) m_library->listPlans(m_session->card().artifactHash);
    };
    connect(m_session, &EngineSession::cardChanged, this, listPlans);
    connect(m_library, &Library::plansChanged, this, listPlans);
    connect(m_library, &Library::plansListed, this,
            [this](const QString& artifact, const QList<PlanRecord>& plans) {
                if (artifact == m_session->card().artifactHash)
                    for (const Side side : kSides)
                        m_menus[side]->setPlans(plans);
            });
    connect(m_prompt, &PromptEdit::textChanged, this, &ComparePage::updateControls);
    connect(m_prompt, &PromptEdit::sendRequested, this, &ComparePage::answer);
    connect(m_answer, &QPushButton::clicked, this, &ComparePage::answer);
    connect(m_stop, &QPushButton::clicked, &m_comparison, &Comparison::stop);
    connect(m_measure, &QPushButton::clicked, this, &ComparePage::askMeasure);
    connect(m_keep, &KeepRow::availabilityChanged, this, &ComparePage::updateControls);
    connect(m_nextButton, &QPushButton::clicked, this, [this] {
        if (!m_session->state().loaded)
            Q_EMIT openRequested();
        else
            pinOpen(m_comparison.pin(Side::A).isSet() ? Side::B : Side::A);
    });
}

} // namespace bs::ui

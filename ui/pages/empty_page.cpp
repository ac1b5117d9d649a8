#include "ui/pages/empty_page.h"

#include "ui/jobs/demo_model.h"
#include "ui/widgets/looks.h"
#include "ui/widgets/themed_icon.h"

#include <QGridLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>

#include <algorithm>

namespace bs::ui {

namespace {

constexpr int kColumnWidth = 460;

} // namespace

EmptyPage::EmptyPage(RecentFilesModel* recent, QWidget* parent)
    : QWidget(parent)
    , m_open(new QPushButton(themedIcon(QStringLiteral("open")), tr("Open a model..."), this))
    , m_demo(new QPushButton(this))
    , m_demoHint(new QLabel(this))
    , m_recentTitle(new QLabel(tr("Opened last"), this))
    , m_recent(new QListView(this))
    , m_busy(new QLabel(this))
    , m_offers(new QWidget(this))
{
    auto* const title = new QLabel(tr("Open a model"), this);
    scaleFont(title, 1.9, true);
    auto* const words = new QLabel(tr("Drop a GGUF file, a .bitstack file or a Hugging Face folder "
                                      "here. Compress it once, and "
                                      "from then on a slider sets how much memory it may use."),
                                   this);
    words->setWordWrap(true);
    makeQuiet(words);
    m_open->setObjectName(QStringLiteral("emptyOpen"));
    m_open->setToolTip(tr("Choose a model file"));
    m_open->setDefault(true);
    m_demo->setObjectName(QStringLiteral("emptyDemo"));
    m_demoHint->setObjectName(QStringLiteral("emptyDemoHint"));
    m_demoHint->setWordWrap(true);
    m_demoHint->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    makeQuiet(m_demoHint);
    m_recentTitle->setFont([font = m_recentTitle->font()]() mutable {
        font.setBold(true);
        return font;
    }());
    m_recent->setModel(recent);
    m_recent->setAccessibleName(tr("Models opened last"));
    m_recent->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_recent->setFrameShape(QFrame::NoFrame);
    m_recent->viewport()->setAutoFillBackground(false);
    m_recent->setSpacing(2);
    m_busy->setObjectName(QStringLiteral("emptyBusy"));
    m_busy->setAlignment(Qt::AlignCenter);
    makeQuiet(m_busy);
    m_busy->hide();

    for (QPushButton* const button : {m_open, m_demo})
        button->setMinimumHeight(38);
    auto* const column = new QVBoxLayout(m_offers);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(title);
    column->addWidget(words);
    column->addSpacing(8);
    column->addWidget(m_open);
    column->addWidget(m_demo);
    column->addWidget(m_demoHint);
    column->addSpacing(12);
    column->addWidget(m_recentTitle);
    column->addWidget(m_recent);
    m_offers->setFixedWidth(kColumnWidth);
    auto* const page = new QGridLayout(this);
    page->setRowStretch(0, 2);
    page->addWidget(m_offers, 1, 0, Qt::AlignHCenter);
    page->addWidget(m_busy, 1, 0, Qt::AlignCenter);
    page->setRowStretch(2, 3);

    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    connect(m_open, &QPushButton::clicked, this, &EmptyPage::openRequested);
    connect(m_demo, &QPushButton::clicked, this, &EmptyPage::demoRequested);
    const auto openRow = [this](const QModelIndex& index) {
        Q_EMIT openPathRequested(index.data(Qt::UserRole).toString());
    };
    connect(m_recent, &QListView::clicked, this, openRow);
    connect(m_recent, &QListView::activated, this, openRow);
    connect(recent, &QAbstractItemModel::modelReset, this, &EmptyPage::updateRecent);
    updateRecent();
    updateDemo(false);
}

void EmptyPage::updateRecent()
{
    const int rows = m_recent->model()->rowCount();
    m_recentTitle->setVisible(rows > 0);
    m_recent->setVisible(rows > 0);
    const int rowHeight = m_recent->fontMetrics().height() + 12;
    m_recent->setFixedHeight(std::clamp(rows, 1, 5) * rowHeight);
}

void EmptyPage::updateDemo(bool fetching)
{
    const bool there = DemoModel::isThere();
    const bool script = !DemoModel::fetchScript().isEmpty();
    m_demo->setEnabled(!fetching && (there || script));
    if (fetching)
        m_demo->setText(tr("Fetching the demo model..."));
    else if (there)
        m_demo->setText(tr("Try the demo model (SmolLM2, 135 million parameters)"));
    else
        m_demo->setText(tr("Fetch the demo model (about 100 MB)"));
    m_demo->setToolTip(DemoModel::path());
    if (there || fetching)
        m_demoHint->clear();
    else
        m_demoHint->setText(tr("It is fetched by: bash installer/fetch-demo-model.sh"));
    m_demoHint->setVisible(!m_demoHint->text().isEmpty());
}

void EmptyPage::setBusy(const QString& text)
{
    m_busy->setText(text);
    m_busy->setVisible(!text.isEmpty());
    m_offers->setVisible(text.isEmpty());
}

} // namespace bs::ui

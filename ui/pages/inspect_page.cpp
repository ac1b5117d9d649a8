#include "ui/pages/inspect_page.h"

#include "ui/pages/tensor_panel.h"
#include "ui/widgets/looks.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

namespace bs::ui {

InspectPage::InspectPage(QWidget* parent)
    : QWidget(parent)
    , m_find(new QLineEdit(this))
    , m_count(new QLabel(this))
    , m_lists(new QTabWidget(this))
    , m_tree(new QTreeView(this))
    , m_entries(new QTableView(this))
    , m_details(new QStackedWidget(this))
    , m_tensor(new TensorPanel(this))
    , m_value(new QPlainTextEdit(this))
{
    setObjectName(QStringLiteral("inspectPage"));
    setFocusProxy(m_find);
    m_find->setObjectName(QStringLiteral("inspectFind"));
    m_find->setAccessibleName(tr("Find in the model"));
    m_find->setPlaceholderText(tr("Find a tensor, layer, type, shape or key"));
    m_find->setClearButtonEnabled(true);
    m_count->setObjectName(QStringLiteral("inspectCount"));
    makeQuiet(m_count);
    buildTree();
    buildMetadata();
    m_lists->setObjectName(QStringLiteral("inspectLists"));
    m_lists->setAccessibleName(tr("Lists"));
    m_lists->setDocumentMode(true);
    m_lists->addTab(m_tree, tr("Tensors"));
    m_lists->addTab(m_entries, tr("Metadata"));
    m_details->addWidget(m_tensor);
    m_details->addWidget(m_value);

    auto* const row = new QHBoxLayout;
    row->setContentsMargins(11, 8, 11, 4);
    row->setSpacing(10);
    row->addWidget(m_find, 1);
    row->addWidget(m_count);
    auto* const split = new QSplitter(Qt::Vertical, this);
    split->setObjectName(QStringLiteral("inspectSplit"));
    split->addWidget(m_lists);
    split->addWidget(m_details);
    split->setChildrenCollapsible(false);
    split->setSizes({230, 330});
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(split, 1);
    connect(m_find, &QLineEdit::textChanged, this, &InspectPage::find);
    connect(m_lists, &QTabWidget::currentChanged, m_details, &QStackedWidget::setCurrentIndex);
    connect(&m_inspector, &Inspector::listed, this, &InspectPage::showListing);
    connect(&m_inspector, &Inspector::described, m_tensor, &TensorPanel::setDetails);
    connect(&m_inspector, &Inspector::progressed, this,
            [this](const JobProgress& p) { m_tensor->setProgress(p.done, p.total); });
    connect(&m_inspector, &Inspector::failed, this, [this](const WorkerError& error) {
        if (error.code != kCanceledCode) m_tensor->setNote(error.message);
    });
    showListing({});
}

void InspectPage::buildTree()
{
    m_found.setSourceModel(&m_tensors);
    m_found.setFilterRole(TensorTreeModel::FilterRole);
    m_found.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_found.setRecursiveFilteringEnabled(true);
    m_tree->setObjectName(QStringLiteral("tensorTree"));
    m_tree->setAccessibleName(tr("Tensors by layer"));
    m_tree->setModel(&m_found);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAlternatingRowColors(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(TensorTreeModel::NameColumn, QHeaderView::Stretch);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &InspectPage::chooseTensor);
}

void InspectPage::buildMetadata()
{
    m_foundEntries.setSourceModel(&m_metadata);
    m_foundEntries.setFilterKeyColumn(-1);
    m_foundEntries.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_entries->setObjectName(QStringLiteral("metadataTable"));
    m_entries->setAccessibleName(tr("Metadata"));
    m_entries->setModel(&m_foundEntries);
    m_entries->setFrameShape(QFrame::NoFrame);
    m_entries->setShowGrid(false);
    m_entries->setAlternatingRowColors(true);
    m_entries->setTabKeyNavigation(false);
    m_entries->setWordWrap(false);
    m_entries->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_entries->verticalHeader()->hide();
    m_entries->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_entries->verticalHeader()->setDefaultSectionSize(m_entries->fontMetrics().height() + 8);
    m_entries->setColumnWidth(MetadataModel::KeyColumn, 250);
    m_entries->horizontalHeader()->setStretchLastSection(true);
    m_entries->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_value->setObjectName(QStringLiteral("metadataValue"));
    m_value->setAccessibleName(tr("The whole value"));
    m_value->setReadOnly(true);
    m_value->setFrameShape(QFrame::NoFrame);
    m_value->setTabChangesFocus(true);
    m_value->setPlaceholderText(tr("Choose a key to see its whole value."));
    connect(m_entries->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &InspectPage::chooseEntry);
}

void InspectPage::setPath(const QString& path)
{
    m_path = path;
    readIfShown();
}

void InspectPage::readIfShown()
{
    if (isVisible() && m_path != m_inspector.path()) m_inspector.open(m_path);
}

void InspectPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    readIfShown();
}

/// The worker's memory is the chat's to use.
void InspectPage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    if (!m_inspector.isReading()) m_inspector.rest();
}

void InspectPage::showListing(const TensorListing& listing)
{
    m_chosen.clear();
    m_tensors.setTensors(listing.tensors);
    m_metadata.setEntries(listing.metadata);
    m_value->clear();
    m_tensor->setNote(m_inspector.path().isEmpty() ? tr("Open a model to look into its file.")
                                                   : tr("Choose a tensor to see its values."));
    m_tree->expand(m_found.index(0, 0));
    find(m_find->text());
}

void InspectPage::find(const QString& text)
{
    m_found.setFilterFixedString(text.trimmed());
    m_foundEntries.setFilterFixedString(text.trimmed());
    if (!text.trimmed().isEmpty()) m_tree->expandAll();
    int tensors = 0;
    for (int group = 0; group < m_found.rowCount(); ++group)
        tensors += m_found.rowCount(m_found.index(group, 0));
    m_count->setText(tr("%1 tensors, %2 keys").arg(tensors).arg(m_foundEntries.rowCount()));
}

void InspectPage::chooseTensor(const QModelIndex& at)
{
    const QString name = at.data(TensorTreeModel::TensorRole).toString();
    if (name.isEmpty() || name == m_chosen) return;
    m_chosen = name;
    m_tensor->setBusy(name);
    m_inspector.describe(name);
}

void InspectPage::chooseEntry(const QModelIndex& at)
{
    m_value->setPlainText(at.data(MetadataModel::WholeRole).toString());
}

QList<TwinPanel*> InspectPage::charts() const
{
    return m_tensor->charts();
}

} // namespace bs::ui

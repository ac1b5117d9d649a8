#include "ui/widgets/path_list.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>

namespace bs::ui {

namespace {

constexpr int kLines = 3;

} // namespace

PathList::PathList(const QString& name, const QString& title, const QString& filter,
                   QWidget* parent)
    : QWidget(parent)
    , m_title(title)
    , m_filter(filter)
    , m_list(new QListWidget(this))
    , m_edit(new QLineEdit(this))
    , m_remove(new QPushButton(tr("Remove"), this))
{
    m_list->setObjectName(name + QStringLiteral("List"));
    m_list->setAccessibleName(title);
    m_list->setFixedHeight(kLines * (m_list->fontMetrics().lineSpacing() + 4) + 4);
    m_edit->setObjectName(name + QStringLiteral("Edit"));
    m_edit->setAccessibleName(tr("%1: type a path").arg(title));
    m_edit->setPlaceholderText(tr("Type a path and press Return"));
    m_remove->setObjectName(name + QStringLiteral("Remove"));
    m_remove->setToolTip(tr("Take the chosen one out"));
    m_remove->setEnabled(false);
    m_remove->setAutoDefault(false);
    auto* const browse = new QPushButton(tr("Add..."), this);
    browse->setObjectName(name + QStringLiteral("Add"));
    browse->setToolTip(title);
    browse->setAutoDefault(false);
    auto* const grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    grid->addWidget(m_list, 0, 0);
    grid->addWidget(m_remove, 0, 1, Qt::AlignTop);
    grid->addWidget(m_edit, 1, 0);
    grid->addWidget(browse, 1, 1);
    setFocusProxy(m_edit);
    connect(browse, &QPushButton::clicked, this, &PathList::browse);
    m_edit->installEventFilter(this);
    connect(m_remove, &QPushButton::clicked, this, &PathList::removeChosen);
    connect(m_list, &QListWidget::currentRowChanged, this,
            [this](int row) { m_remove->setEnabled(row >= 0); });
}

QStringList PathList::paths() const
{
    QStringList all;
    for (int row = 0; row < m_list->count(); ++row)
        all.append(m_list->item(row)->data(Qt::UserRole).toString());
    return all;
}

void PathList::add(const QString& path)
{
    const QString whole =
        path.trimmed().isEmpty() ? QString() : QFileInfo(path.trimmed()).absoluteFilePath();
    if (whole.isEmpty() || paths().contains(whole)) return;
    auto* const item = new QListWidgetItem(QFileInfo(whole).fileName(), m_list);
    item->setData(Qt::UserRole, whole);
    item->setToolTip(whole);
    Q_EMIT changed();
}

void PathList::browse()
{
    const QStringList chosen = QFileDialog::getOpenFileNames(this, m_title, {}, m_filter);
    for (const QString& path : chosen)
        add(path);
}

/// Return adds what was typed, instead of pressing the dialog's button.
bool PathList::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress || m_edit->text().isEmpty())
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Return && key != Qt::Key_Enter) return QWidget::eventFilter(watched, event);
    addTyped();
    return true;
}

void PathList::addTyped()
{
    add(m_edit->text());
    m_edit->clear();
}

void PathList::removeChosen()
{
    delete m_list->currentItem();
    Q_EMIT changed();
}

} // namespace bs::ui

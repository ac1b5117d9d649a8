#include "ui/models/tensor_tree_model.h"

#include "ui/models/words.h"

#include <QLocale>

namespace bs::ui {

namespace {

/// Of a group; of a tensor the row of its group, from 1.
constexpr quintptr kGroup = 0;

QString groupName(int layer)
{
    return layer < 0 ? TensorTreeModel::tr("Outside the layers")
                     : TensorTreeModel::tr("Layer %1").arg(layer);
}

/// What stands behind the layer's number, without ".weight".
QString shortName(const TensorInfo& tensor)
{
    QString name = tensor.name;
    if (tensor.layer >= 0)
        name = name.section(QStringLiteral(".%1.").arg(tensor.layer), 1);
    else if (name.startsWith(QLatin1String("model.")))
        name = name.mid(6);
    if (name.endsWith(QLatin1String(".weight"))) name.chop(7);
    return name.isEmpty() ? tensor.name : name;
}

} // namespace

QModelIndex TensorTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column,
                       parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kGroup);
}

QModelIndex TensorTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == kGroup) return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, kGroup);
}

int TensorTreeModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid()) return static_cast<int>(m_groups.size());
    if (parent.internalId() != kGroup || parent.column() != 0) return 0;
    return static_cast<int>(m_groups.at(parent.row()).tensors.size());
}

int TensorTreeModel::columnCount(const QModelIndex& /*parent*/) const
{
    return ColumnCount;
}

QVariant TensorTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role == Qt::TextAlignmentRole && index.column() >= BytesColumn)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (index.internalId() == kGroup) {
        const Group& group = m_groups.at(index.row());
        if (role == FilterRole) return groupName(group.layer);
        return role == Qt::DisplayRole ? textOf(group, index.column()) : QVariant();
    }
    const Group& group = m_groups.at(static_cast<qsizetype>(index.internalId()) - 1);
    const TensorInfo& tensor = group.tensors.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return textOf(tensor, index.column());
    case Qt::ToolTipRole:
        return index.column() == BytesColumn ? exactBytesText(tensor.bytes) : tensor.name;
    case TensorRole:
        return tensor.name;
    case FilterRole:
        return QStringList{groupName(group.layer), tensor.name, tensor.dtype, tensor.shapeText()}
            .join(QLatin1Char(' '));
    default:
        return {};
    }
}

QVariant TensorTreeModel::textOf(const Group& group, int column) const
{
    switch (column) {
    case NameColumn:
        return groupName(group.layer);
    case TypeColumn:
        return group.tensors.size() == 1 ? tr("1 tensor")
                                         : tr("%1 tensors").arg(group.tensors.size());
    case BytesColumn:
        return sizeText(group.bytes);
    case ShareColumn:
        return shareText(group.bytes);
    default:
        return {};
    }
}

QVariant TensorTreeModel::textOf(const TensorInfo& tensor, int column) const
{
    switch (column) {
    case NameColumn:
        return shortName(tensor);
    case ShapeColumn:
        return tensor.shapeText();
    case TypeColumn:
        if (tensor.blocks == 0) return tensor.dtype;
        return tensor.blocks == 1 ? tr("%1, 1 block").arg(tensor.dtype)
                                  : tr("%1, %2 blocks").arg(tensor.dtype).arg(tensor.blocks);
    case BytesColumn:
        return sizeText(tensor.bytes);
    default:
        return shareText(tensor.bytes);
    }
}

QString TensorTreeModel::shareText(qint64 bytes) const
{
    const double share =
        m_bytes > 0 ? 100 * static_cast<double>(bytes) / static_cast<double>(m_bytes) : 0;
    return tr("%1 %").arg(QLocale().toString(share, 'f', share < 10 ? 2 : 1));
}

QVariant TensorTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && section >= BytesColumn)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case NameColumn:
        return tr("Tensor");
    case ShapeColumn:
        return tr("Shape");
    case TypeColumn:
        return tr("Type");
    case BytesColumn:
        return tr("Size");
    default:
        return tr("Share");
    }
}

/// They come by layer.
void TensorTreeModel::setTensors(const QList<TensorInfo>& tensors)
{
    beginResetModel();
    m_groups.clear();
    m_bytes = 0;
    for (const TensorInfo& tensor : tensors) {
        if (m_groups.isEmpty() || m_groups.last().layer != tensor.layer)
            m_groups.append({tensor.layer, 0, {}});
        m_groups.last().tensors.append(tensor);
        m_groups.last().bytes += tensor.bytes;
        m_bytes += tensor.bytes;
    }
    endResetModel();
}

} // namespace bs::ui

//! The plan node: orders in, one line for each order carried out. It holds no type of Ballista, so
//! that another engine of DataFusion plans could run it.

use crate::order::Order;
use crate::storage::SharedFolder;
use datafusion::arrow::array::{AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties,
    PlanProperties, ReplaceChildrenOptions,
};
use futures::{StreamExt, TryStreamExt};
use std::fmt;
use std::sync::{Arc, LazyLock};

static ORDERS: LazyLock<SchemaRef> = LazyLock::new(|| one_text("order"));
static DONE: LazyLock<SchemaRef> = LazyLock::new(|| one_text("task"));

fn one_text(name: &str) -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new(name, DataType::Utf8, false)]))
}

/// A plan in which every order is a partition of its own, in this order.
pub(crate) fn plan(orders: &[Order]) -> Result<Arc<dyn ExecutionPlan>> {
    let mut partitions = Vec::with_capacity(orders.len());
    for order in orders {
        let text = serde_json::to_string(order).map_err(external)?;
        let column = Arc::new(StringArray::from(vec![text]));
        partitions.push(vec![RecordBatch::try_new(Arc::clone(&ORDERS), vec![column])?]);
    }
    let source = MemorySourceConfig::try_new(&partitions, Arc::clone(&ORDERS), None)?;
    Ok(Arc::new(OrdersExec::new(DataSourceExec::from_data_source(source))))
}

/// Carries out the orders of its input.
#[derive(Clone, Debug)]
pub(crate) struct OrdersExec {
    input: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
}

impl OrdersExec {
    pub(crate) fn new(input: Arc<dyn ExecutionPlan>) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&DONE)),
            Partitioning::UnknownPartitioning(input.output_partitioning().partition_count()),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        Self { input, properties: Arc::new(properties) }
    }
}

impl DisplayAs for OrdersExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrdersExec")
    }
}

impl ExecutionPlan for OrdersExec {
    fn name(&self) -> &'static str {
        "OrdersExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        // An executor sees only the partitions of its task: they are counted anew.
        match children.pop() {
            Some(input) if children.is_empty() => Ok(Arc::new(Self::new(input))),
            _ => Err(DataFusionError::Internal("OrdersExec has one input".into())),
        }
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(
            children,
            ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute),
        )
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let orders = self.input.execute(partition, context)?;
        let done = orders.then(|batch| async move {
            let batch = batch?;
            // A task holds a processor for minutes: not a thread of the engine's own runtime.
            tokio::task::spawn_blocking(move || carry_out(&batch)).await.map_err(external)?
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&DONE), done.into_stream())))
    }
}

fn carry_out(orders: &RecordBatch) -> Result<RecordBatch> {
    let mut done = Vec::new();
    for text in orders.column(0).as_string::<i32>().iter().flatten() {
        let order: Order = serde_json::from_str(text).map_err(external)?;
        order.carry_out(&SharedFolder)?;
        done.push(order.task.name);
    }
    Ok(RecordBatch::try_new(Arc::clone(&DONE), vec![Arc::new(StringArray::from(done))])?)
}

fn external(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

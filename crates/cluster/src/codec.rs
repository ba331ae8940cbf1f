//! How the plan node travels: a mark, and its input as any other plan.

use crate::node::OrdersExec;
use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};
use std::sync::Arc;

/// Marks the node, and the version of what orders say.
const MARK: &[u8] = b"clientele orders 1";

/// Ballista's codec, and ours for our node.
#[derive(Debug, Default)]
pub(crate) struct OrdersCodec(BallistaPhysicalExtensionCodec);

impl PhysicalExtensionCodec for OrdersCodec {
    fn try_decode(
        &self,
        buffer: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match inputs {
            [input] if buffer == MARK => Ok(Arc::new(OrdersExec::new(Arc::clone(input)))),
            _ if buffer.starts_with(b"clientele orders") => Err(DataFusionError::Plan(
                "these orders are of another version (driver and executors must be one version)"
                    .into(),
            )),
            _ => self.0.try_decode(buffer, inputs, context, converter),
        }
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        buffer: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        if node.downcast_ref::<OrdersExec>().is_some() {
            buffer.extend_from_slice(MARK);
            return Ok(());
        }
        self.0.try_encode(node, buffer, converter)
    }
}

#pragma once

namespace pvaflow::transport {

/**
 * Lets the C library keep the memory of freed frames for the next ones. Once for the process, when its first pvAccess
 * connection is made: a program that loads pvaflow and never connects is left alone. Any thread.
 */
void keepHeap();

}  // namespace pvaflow::transport

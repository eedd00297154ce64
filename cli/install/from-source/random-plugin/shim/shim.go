// Package shim reaches the random provider's constructor, which its module keeps internal: this module's path lies
// inside the provider's own, and that is all Go's rule for internal packages asks for.
package shim

import (
	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/terraform-providers/terraform-provider-random/internal/provider"
)

// NewProvider returns the Terraform provider that @pulumi/random is bridged from.
func NewProvider() framework.Provider {
	return provider.New()
}
